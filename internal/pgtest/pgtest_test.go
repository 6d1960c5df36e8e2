package pgtest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"go.uber.org/goleak"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func show[T any](t *testing.T, db *sql.DB, query string) T {
	t.Helper()
	var v T
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// A server that runs already takes the place of the shared cluster, and everything it
// is given is dropped again.
func TestURLOnNamedServer(t *testing.T) {
	c := New(t, Config{NoFsync: true})
	t.Setenv(EnvURL, c.URL("postgres"))
	var url string
	t.Run("inner", func(t *testing.T) {
		url = URL(t)
		mustExec(t, open(t, url), "CREATE TABLE loads (id TEXT)")
	})
	admin := open(t, c.URL("postgres"))
	if n := show[int](t, admin, "SELECT count(*) FROM pg_database WHERE datname LIKE 'pinhuo_test_%'"); n != 0 {
		t.Fatalf("%d test databases left behind, among them perhaps %s", n, url)
	}
}

func TestURLGivesEachTestItsOwnDatabase(t *testing.T) {
	first, second := open(t, URL(t)), open(t, URL(t))
	mustExec(t, first, "CREATE TABLE loads (id TEXT)")
	if n := show[int](t, second, "SELECT count(*) FROM pg_tables WHERE tablename = 'loads'"); n != 0 {
		t.Fatal("a table made in one database is seen in the other")
	}
}

func TestSharedClusterLeavesNoGoroutine(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("inner", func(t *testing.T) { URL(t) })
	goleak.VerifyNone(t, before)
}

// Text is ordered as no SQLite orders it: 'a' before 'B', where bytes say otherwise.
func TestCollationDiffersFromBytes(t *testing.T) {
	t.Parallel()
	db := open(t, New(t, Config{NoFsync: true}).URL("postgres"))
	if !show[bool](t, db, "SELECT 'a' < 'B'") {
		t.Fatal("the cluster collates by bytes: queries that lean on the order of text would go unnoticed")
	}
}

func TestDurabilityIsTheDefault(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		cfg  Config
		want string
	}{
		{Config{}, "on"},
		{Config{NoFsync: true}, "off"},
		{Config{NoFsync: true, Settings: map[string]string{"fsync": "on"}}, "on"},
	} {
		db := open(t, New(t, tc.cfg).URL("postgres"))
		if got := show[string](t, db, "SHOW fsync"); got != tc.want {
			t.Errorf("%+v: fsync = %s, want %s", tc.cfg, got, tc.want)
		}
	}
}

// What was committed survives kill -9, what was not does not, and after Kill returns no
// backend answers.
func TestKillAndRestart(t *testing.T) {
	t.Parallel()
	c := New(t, Config{})
	db := open(t, c.URL("postgres"))
	mustExec(t, db, "CREATE TABLE loads (id INT)")
	mustExec(t, db, "INSERT INTO loads VALUES (1)")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("INSERT INTO loads VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	for round := 1; round <= 3; round++ {
		if err := c.Kill(); err != nil {
			t.Fatalf("round %d: kill: %v", round, err)
		}
		if err := tx.Commit(); err == nil {
			t.Fatalf("round %d: a transaction committed after the server was killed", round)
		}
		if err := c.Restart(); err != nil {
			t.Fatalf("round %d: restart: %v", round, err)
		}
		again := open(t, c.URL("postgres"))
		if n := show[int](t, again, "SELECT sum(id) FROM loads"); n != 1 {
			t.Fatalf("round %d: sum of the rows is %d, want 1", round, n)
		}
		if tx, err = again.Begin(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRestartRefusedWhileRunning(t *testing.T) {
	t.Parallel()
	if err := New(t, Config{NoFsync: true}).Restart(); err == nil {
		t.Fatal("a second server was started on a running cluster")
	}
}

// A named folder stays after Stop and is opened again with what it held.
func TestNamedFolderIsKept(t *testing.T) {
	t.Parallel()
	dir := publicDir(t)
	c := New(t, Config{Dir: dir})
	database, err := c.CreateDatabase(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, open(t, database), "CREATE TABLE loads (id INT)")
	for range 2 {
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	New(t, Config{Dir: dir})
	if n := show[int](t, open(t, database), "SELECT count(*) FROM loads"); n != 0 {
		t.Fatalf("%d rows in a table made empty", n)
	}
}

// publicDir is a short folder that another account can reach: t.TempDir is closed to
// others, and its path may be too long for a socket.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pinhuo-kept-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestPathTooLongForASocketIsNamed(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), strings.Repeat("x", longestSocket))
	_, err := Start(Config{Dir: long})
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Fatalf("error %v does not tell what to do", err)
	}
}

func TestBadSettingShowsTheServersWords(t *testing.T) {
	t.Parallel()
	_, err := Start(Config{Settings: map[string]string{"shared_buffers": "a lot"}})
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err == nil || !strings.Contains(err.Error(), "shared_buffers") {
		t.Fatalf("error %v does not name the setting", err)
	}
}

func TestStopRemovesTemporaryFolder(t *testing.T) {
	t.Parallel()
	c := New(t, Config{NoFsync: true})
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.root); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is still there (%v)", c.root, err)
	}
}

// envVictim makes this test binary start a cluster, say where, and wait to be killed.
const envVictim = "PINHUO_TEST_PG_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(envVictim) != "" {
		c, err := Start(Config{})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(c.root, c.server.Process.Pid)
		select {}
	}
	os.Exit(m.Run())
}

// A test binary that is killed leaves neither a server nor a folder.
func TestKilledOwnerLeavesNothing(t *testing.T) {
	t.Parallel()
	if _, err := find(); err != nil {
		absent(t, err)
	}
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), envVictim+"=1")
	victim.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	var root string
	var pid int
	if _, serr := fmt.Sscan(line, &root, &pid); serr != nil {
		t.Fatalf("the victim said %q (%v, %v)", line, err, serr)
	}
	if err := syscall.Kill(-victim.Process.Pid, syscall.SIGKILL); err != nil { // the whole group, as a job runner does
		t.Fatal(err)
	}
	victim.Wait() // an error: it was killed
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for tick := time.NewTicker(pollEvery); ; {
		_, err := os.Stat(root)
		if errors.Is(err, fs.ErrNotExist) && !running(pid) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("a minute after its owner was killed: folder %v, server running %v", err, running(pid))
		}
	}
}

func TestSweepTakesOnlyOldClusters(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	for name, age := range map[string]time.Duration{
		folderPrefix + "old": 25 * time.Hour, folderPrefix + "young": 23 * time.Hour, "other-old": 48 * time.Hour,
	} {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	sweep(dir, now)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 {
		t.Fatalf("left %v, want the young cluster and the folder that is none of ours", left)
	}
	if _, err := os.Stat(filepath.Join(dir, folderPrefix+"old")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the day-old cluster is still there (%v)", err)
	}
}

// recorder is a testing.TB that panics with the way a test was ended.
type recorder struct{ testing.TB }

func (recorder) Helper()                   {}
func (recorder) Fatalf(f string, a ...any) { panic("fatal: " + fmt.Sprintf(f, a...)) }
func (recorder) Skipf(f string, a ...any)  { panic("skip: " + fmt.Sprintf(f, a...)) }

func TestAbsence(t *testing.T) {
	for _, tc := range []struct {
		ci   string
		err  error
		want string
	}{
		{"", ErrMissing, "skip: "},
		{"true", ErrMissing, "fatal: "},
		{"", errors.New("initdb: broken"), "fatal: "},
	} {
		t.Run(tc.want+tc.ci, func(t *testing.T) {
			t.Setenv("CI", tc.ci)
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, tc.want) || !strings.Contains(got, tc.err.Error()) {
					t.Fatalf("got %q, want it to begin with %q and to say %q", got, tc.want, tc.err)
				}
			}()
			absent(recorder{}, tc.err)
		})
	}
}

// A leftover wrapper called initdb is passed over, and the error says so.
func TestBrokenWrapperIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\necho 'no cluster here' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(dir, "initdb"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := works(dir); err == nil {
		t.Fatal("a wrapper that fails was taken for a server")
	}
}
