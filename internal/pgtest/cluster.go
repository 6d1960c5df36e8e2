package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// startLimit and stopLimit bound the wait for a server to come up and to go down.
const (
	startLimit = time.Minute
	stopLimit  = time.Minute
	pollEvery  = 10 * time.Millisecond
)

// superuser owns every database of a private cluster.
const superuser = "pinhuo"

// Config says how a private cluster is made. The zero value is a durable server
// (fsync and synchronous_commit on) in a folder that is removed at Stop.
type Config struct {
	// Dir keeps the cluster in this folder, which is made if it is absent, used again
	// if it already holds a cluster, and left in place by Stop. Under root it is handed
	// to an unprivileged account, so every folder above it must be open to others.
	// Empty: a fresh folder under os.TempDir.
	Dir string
	// NoFsync trades durability for speed; never for a test that kills the server.
	NoFsync bool
	// Settings are further server settings by name, as in postgresql.conf.
	Settings map[string]string
}

// Cluster is a private PostgreSQL server on a unix socket that only its owner and root
// can reach. Its methods are not safe for concurrent use. If the process that started
// it dies, however it dies, the server is stopped and its temporary folder removed.
type Cluster struct {
	bin      string
	root     string // holds data/, log and the socket
	fleeting bool   // root is ours to remove
	args     []string
	as       *syscall.Credential
	server   *exec.Cmd // nil while stopped
	guard    *guard    // nil while stopped
}

// Start makes a cluster, or opens the one in cfg.Dir, and returns when it accepts
// connections. The error wraps ErrMissing where PostgreSQL is not installed.
func Start(cfg Config) (*Cluster, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	as, err := owner()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, as: as, fleeting: cfg.Dir == ""}
	if err := c.makeRoot(cfg.Dir); err != nil {
		return nil, fmt.Errorf("prepare the cluster's folder: %w", err)
	}
	c.args = serverArgs(c.root, cfg)
	if err := c.open(); err != nil {
		return nil, errors.Join(err, c.remove())
	}
	return c, nil
}

// open makes the data folder if there is none and starts the server on it.
func (c *Cluster) open() error {
	if _, err := os.Stat(filepath.Join(c.data(), "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		if err := c.initdb(); err != nil {
			return err
		}
	}
	return c.Restart()
}

func (c *Cluster) data() string { return filepath.Join(c.root, "data") }

// makeRoot gives the cluster a folder that belongs to the account the server runs as.
func (c *Cluster) makeRoot(dir string) error {
	if c.fleeting {
		sweep(os.TempDir(), time.Now())
		made, err := os.MkdirTemp("", folderPrefix)
		if err != nil {
			return err
		}
		dir = made
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	c.root = abs
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return err
	}
	if len(c.socket()) > longestSocket {
		return fmt.Errorf("%s is too long a path for a unix socket (%d bytes at most): set TMPDIR to a shorter one", c.socket(), longestSocket)
	}
	if c.as == nil {
		return nil
	}
	return os.Chown(abs, int(c.as.Uid), int(c.as.Gid))
}

// longestSocket is what Linux takes as the path of a unix socket, less its final zero.
const longestSocket = 107

// port only names the socket file: nothing listens on TCP.
const port = "5432"

func (c *Cluster) socket() string { return filepath.Join(c.root, ".s.PGSQL."+port) }

// initdb makes the data folder. It collates by ICU's English rules, as far from
// SQLite's byte order as a production server is likely to be, so that a query which
// leans on the order of text fails in a test and not in somebody's market.
func (c *Cluster) initdb() error {
	cmd := c.command("initdb", "--pgdata", c.data(), "--username", superuser, "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

func serverArgs(root string, cfg Config) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": root,
		"port":                    port,
		"max_connections":         "200",
		"log_min_messages":        "warning",
	}
	if cfg.NoFsync {
		settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"] = "off", "off", "off"
	}
	for name, value := range cfg.Settings {
		settings[name] = value
	}
	args := []string{"-D", filepath.Join(root, "data")}
	for name, value := range settings {
		args = append(args, "--"+name+"="+value)
	}
	sort.Strings(args[2:])
	return args
}

// command runs one of PostgreSQL's programs as the cluster's owner, in its folder.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.root
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setpgid: true}
	return cmd
}

// Restart starts the server again after Stop or Kill and returns when it accepts
// connections. It fails while the server runs, and after Stop on a temporary folder.
func (c *Cluster) Restart() error {
	if c.server != nil {
		return errors.New("the PostgreSQL server is already running")
	}
	// The log is opened as we are, before the server drops to its own account.
	logFile, err := os.OpenFile(c.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	defer logFile.Close() //nolint:errcheck // the server has its own copy
	cmd := c.command("postgres", c.args...)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	c.server = cmd
	if c.guard, err = watch(cmd.Process.Pid, c.rootIfFleeting(), c.as); err != nil {
		return errors.Join(err, c.Kill())
	}
	if err := c.awaitReady(); err != nil {
		return errors.Join(err, c.Kill())
	}
	return nil
}

func (c *Cluster) rootIfFleeting() string {
	if c.fleeting {
		return c.root
	}
	return ""
}

func (c *Cluster) logPath() string { return filepath.Join(c.root, "log") }

// awaitReady returns when the server's lock file says "ready", and fails with the end
// of its log when the server ends instead or takes too long.
func (c *Cluster) awaitReady() error {
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); time.Sleep(pollEvery) {
		if c.ready() {
			return nil
		}
		if exited(c.server.Process.Pid) {
			return fmt.Errorf("postgres ended while starting: %s", c.logTail())
		}
	}
	return fmt.Errorf("postgres not ready after %s: %s", startLimit, c.logTail())
}

// ready reads the eighth line of postmaster.pid, where the server keeps its state, and
// the first, because the file may still be that of a server that was killed.
func (c *Cluster) ready() bool {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	return len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready" &&
		strings.TrimSpace(lines[0]) == fmt.Sprint(c.server.Process.Pid)
}

// exited tells whether our child has ended, without collecting it.
func exited(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err != nil || info.Signo != 0
}

func (c *Cluster) logTail() string {
	text, err := os.ReadFile(c.logPath())
	if err != nil {
		return "no log: " + err.Error()
	}
	const tail = 2000
	return string(bytes.TrimSpace(text[max(0, len(text)-tail):]))
}

// Kill ends the server and all its backends at once with SIGKILL, as a crash would.
// When it returns nothing answers any more; the data stays for Restart.
func (c *Cluster) Kill() error {
	if c.server == nil {
		return nil
	}
	err := killAll(c.server.Process.Pid)
	return errors.Join(err, c.collect())
}

// Stop shuts the server down in good order (SIGINT: running statements are cut off,
// everything committed is checkpointed) and removes a temporary cluster's folder.
// A second Stop does nothing.
func (c *Cluster) Stop() error {
	if c.server == nil {
		return c.remove()
	}
	err := c.server.Process.Signal(os.Interrupt)
	for deadline := time.Now().Add(stopLimit); !exited(c.server.Process.Pid); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			err = errors.Join(err, fmt.Errorf("postgres still up %s after being asked to stop: %s", stopLimit, c.logTail()), killAll(c.server.Process.Pid))
			break
		}
	}
	return errors.Join(err, c.collect(), c.remove())
}

// collect reaps the server, which has ended or been killed, and calls off the guard.
func (c *Cluster) collect() error {
	server := c.server
	c.server = nil
	var exit *exec.ExitError
	err := server.Wait()
	if errors.As(err, &exit) { // how it ended is not our error: it may have been killed on purpose
		err = nil
	}
	if c.guard != nil {
		err = errors.Join(err, c.guard.dismiss())
		c.guard = nil
	}
	return err
}

func (c *Cluster) remove() error {
	if !c.fleeting {
		return nil
	}
	return os.RemoveAll(c.root)
}
