package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// folderPrefix begins the name of every temporary cluster's folder.
const folderPrefix = "pinhuo-pg-"

// stale is the age past which a temporary folder cannot belong to a running test.
const stale = 24 * time.Hour

// guard is a shell that outlives us by a moment: it sleeps on a pipe whose other end
// we hold, so that it wakes when we die, even of SIGKILL, and clears up after us.
type guard struct {
	cmd  *exec.Cmd
	line *os.File
}

// guardScript stops server $1 and removes folder $2 (if any) when its input ends
// without the word "dismiss".
const guardScript = `
read -r word
[ "$word" = dismiss ] && exit 0
kill -QUIT "$1" 2>/dev/null
[ -n "$2" ] || exit 0
tries=0
while [ -e "$2" ] && [ "$tries" -lt 100 ]; do
	rm -rf -- "$2" 2>/dev/null || sleep 0.1
	tries=$((tries + 1))
done
`

// watch sets a guard over the server with process id pid, as the account that owns it,
// in a session of its own so that a signal to our process group leaves it alive.
func watch(pid int, folder string, as *syscall.Credential) (*guard, error) {
	in, line, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("guard the PostgreSQL server: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", guardScript, "guard", fmt.Sprint(pid), folder)
	cmd.Dir = "/"
	cmd.Stdin = in
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setsid: true}
	err = cmd.Start()
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("guard the PostgreSQL server: %w", err), line.Close())
	}
	return &guard{cmd: cmd, line: line}, nil
}

// dismiss sends the guard home: the server it watched has ended.
func (g *guard) dismiss() error {
	_, err := g.line.WriteString("dismiss\n")
	return errors.Join(err, g.line.Close(), g.cmd.Wait())
}

// sweep removes temporary folders that a machine failure left behind a day or more
// before now. Best effort: what it cannot remove is another account's.
func sweep(dir string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() || !strings.HasPrefix(e.Name(), folderPrefix) {
			continue
		}
		if now.Sub(info.ModTime()) > stale {
			os.RemoveAll(filepath.Join(dir, e.Name())) //nolint:errcheck // best effort, as said above
		}
	}
}
