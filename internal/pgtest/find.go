package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

// ErrMissing says that no working PostgreSQL server was found on this machine.
var ErrMissing = errors.New("no PostgreSQL server here: on Debian, apt-get install postgresql")

// find returns the folder of the newest PostgreSQL whose initdb and postgres both
// answer, looking where Debian keeps the servers and then along PATH.
// It returns an error that wraps ErrMissing where there is none.
func find() (string, error) {
	var tried []string
	for _, dir := range candidates() {
		why := works(dir)
		if why == nil {
			return dir, nil
		}
		tried = append(tried, fmt.Sprintf("%s: %v", dir, why))
	}
	if len(tried) == 0 {
		return "", ErrMissing
	}
	return "", fmt.Errorf("%w (tried %s)", ErrMissing, strings.Join(tried, "; "))
}

// candidates lists the folders that may hold a server, the newest version first.
func candidates() []string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	sort.Slice(dirs, func(i, j int) bool { return major(dirs[i]) > major(dirs[j]) })
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	return dirs
}

// major reads the version out of /usr/lib/postgresql/VERSION/bin; 0 where there is none.
func major(dir string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil {
		return 0
	}
	return n
}

// works tells why the programs in dir cannot run a server, or nil: a program called
// initdb may be a wrapper that was left behind, and client packages bring no postgres.
func works(dir string) error {
	for _, name := range []string{"initdb", "postgres"} {
		out, err := exec.Command(filepath.Join(dir, name), "--version").Output()
		if err != nil {
			return fmt.Errorf("%s --version: %w", name, err)
		}
		if !strings.Contains(string(out), "(PostgreSQL)") {
			return fmt.Errorf("%s --version says %q", name, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// owner is the account a server runs as. PostgreSQL refuses root, so under root it is
// an unprivileged account; for anybody else it is nil, the account we have.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uerr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gerr := strconv.ParseUint(u.Gid, 10, 32)
		if uerr == nil && gerr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("running as root, and neither the account postgres nor nobody exists to run a PostgreSQL server as")
}
