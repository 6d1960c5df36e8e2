package pgtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// killAll ends server process pid and every process it has forked, at once, and
// returns when the forked ones are gone too: a backend that outlived its server would
// go on answering for a moment and keep the shared memory that a restart needs.
func killAll(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGSTOP); err == syscall.ESRCH {
		return nil
	} else if err != nil {
		return err
	}
	forked := childrenOf(pid) // complete: a stopped server forks no more
	err := syscall.Kill(pid, syscall.SIGKILL)
	for _, child := range forked {
		_ = syscall.Kill(child, syscall.SIGKILL) // it may have ended by itself
	}
	for _, child := range forked {
		for deadline := time.Now().Add(stopLimit); running(child) && time.Now().Before(deadline); {
			time.Sleep(pollEvery)
		}
	}
	return err
}

// childrenOf lists the processes whose parent is pid.
func childrenOf(pid int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	var children []int
	for _, path := range stats {
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue
		}
		if _, parent, ok := stat(child); ok && parent == pid {
			children = append(children, child)
		}
	}
	return children
}

// running tells whether a process still executes: gone and zombie both count as ended.
func running(pid int) bool {
	state, _, ok := stat(pid)
	return ok && state != 'Z' && state != 'X'
}

// stat reads a process's state and parent. The program's name, in brackets, may itself
// hold blanks and brackets, so reading starts behind the last closing one.
func stat(pid int) (state byte, parent int, ok bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, 0, false
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	parent, err = strconv.Atoi(string(fields[1]))
	return fields[0][0], parent, err == nil
}
