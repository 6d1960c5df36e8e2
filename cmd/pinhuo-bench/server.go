package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a pinhuo process with a database of its own.
type server struct {
	base   string
	inside string // URL that metrics and profiles are under
	cmd    *exec.Cmd
	log    *os.File
}

// stopLimit is how long a server may take to drain.
const stopLimit = 30 * time.Second

// start starts the program on a free port and returns when it is ready. No
// setting reaches it but the database and a limit of requests that nobody meets.
func (b *bench) start(db database) (*server, error) {
	log, err := os.Create(filepath.Join(db.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	metrics, err := freePort()
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-addr", metrics, "--rate", "1000000", "--burst", "1000000"}, db.args()...)
	cmd := exec.CommandContext(b.ctx, b.Binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	cmd.Env = unset(os.Environ(), "PINHUO_")
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, log: log, inside: "http://" + metrics}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", b.Binary, err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	at := strings.Index(line, "http://")
	if err != nil || at < 0 {
		_ = s.stop() // it has said why in its log
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s did not start: %s%s", b.Binary, line, text)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // ends with the process
	s.base = strings.TrimSpace(line[at:])
	return s, nil
}

// freePort is an address that nobody listens on.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// stop lets the server drain and waits for its end.
func (s *server) stop() error {
	defer s.log.Close() //nolint:errcheck // the process has its own copy
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

// cpu is what the process has had of the processors.
func (s *server) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return cpuOf(string(text))
}

// cpuOf reads user and system time out of a process's stat file, where they are
// the 14th and 15th field, in hundredths of a second.
func cpuOf(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:]) // from the 3rd on: the 2nd may hold spaces
	if len(fields) < 13 {
		return 0, fmt.Errorf("process statistics of %d fields", len(fields))
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("process statistics: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// unset removes the variables with the prefix from an environment.
func unset(environ []string, prefix string) []string {
	var kept []string
	for _, pair := range environ {
		if !strings.HasPrefix(pair, prefix) {
			kept = append(kept, pair)
		}
	}
	return kept
}

// gauges reads the metrics of the server, those of one name summed up.
func (s *server) gauges(ctx context.Context) (map[string]float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.inside+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return sums(answer.Body)
}

// profiled has the server profile itself for a while and writes that to a file.
func (s *server) profiled(ctx context.Context, span time.Duration, path string) error {
	url := fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", s.inside, int64(max(span, time.Second)/time.Second))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, answer.Body)
	return cmp.Or(err, file.Close())
}

// sums reads the text format of metrics.
func sums(text io.Reader) (map[string]float64, error) {
	found := map[string]float64{}
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		line := lines.Text()
		name, value, ok := strings.Cut(line, " ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		if n, err := strconv.ParseFloat(value[strings.LastIndexByte(value, ' ')+1:], 64); err == nil {
			name, _, _ = strings.Cut(name, "{")
			found[name] += n
		}
	}
	return found, lines.Err()
}

// settleLimit is how long matching may lag behind before a run is given up.
const settleLimit = 5 * time.Minute

// settled waits until nothing is planned or queued any more and returns when
// that was first so: when the last event had been committed.
func (s *server) settled(ctx context.Context) (time.Time, error) {
	ctx, stop := context.WithTimeout(ctx, settleLimit)
	defer stop()
	var quiet time.Time
	head := -1.0
	for {
		asked := time.Now()
		g, err := s.gauges(ctx)
		if err != nil {
			return quiet, fmt.Errorf("wait for the planners: %w", err)
		}
		now := g["pinhuo_event_head"]
		idle := g["pinhuo_plans"] == 0 && g["pinhuo_queue_commands"] == 0
		switch {
		case !idle:
			quiet = time.Time{}
		case !quiet.IsZero() && now == head:
			return quiet, nil
		default:
			quiet = asked
		}
		head = now
		pause(ctx, 50*time.Millisecond)
	}
}
