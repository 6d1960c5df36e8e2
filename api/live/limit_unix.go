//go:build unix

package live

import "syscall"

// descriptors returns how many file descriptors the process may have open.
func descriptors() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return descriptorsUnknown
	}
	return int(min(limit.Cur, descriptorsMost))
}
