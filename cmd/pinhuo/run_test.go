package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"
)

// pinhuo runs a command line in this process.
func pinhuo(environ []string, args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, environ, streams{&stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

func TestSettingsThatMakeNoSenseAreNamed(t *testing.T) {
	dir := t.TempDir()
	cases := []struct {
		environ []string
		args    []string
		code    int
		says    string
	}{
		{[]string{"PINHUO_LISTNE=:1"}, []string{"version"}, 2, "PINHUO_LISTNE"},
		{[]string{"PINHUO_TEST_ANYTHING=1"}, []string{"version"}, 0, "pinhuo "},
		{nil, []string{"serve", "--lsten", ":1"}, 2, "--lsten"},
		{nil, []string{"serve", "--data", dir, "--demo", "--database-url", "postgres://x"}, 1, "--database-url"},
		{nil, []string{"serve", "--data", dir, "--planners=-1"}, 1, "--planners"},
		{nil, []string{"serve", "--data", dir, "--rate", "0"}, 1, "--rate"},
		{nil, []string{"serve", "--data", dir, "--trusted-proxies", "10.0.0.0/8,proxy.example"}, 1, "proxy.example"},
		{nil, []string{"serve", "--data", dir, "--trusted-proxies", "10.0.0.1/8"}, 1, "10.0.0.0/8"},
		{nil, []string{"serve", "--data", dir, "--trusted-proxies", "0.0.0.0/0"}, 1, "everybody"},
		{nil, []string{"serve", "--data", dir, "--sockets=-1"}, 1, "--sockets"},
		{nil, []string{"serve", "--data", dir, "--sockets", "2000000"}, 1, "open files"},
		{nil, []string{"serve", "--data", dir, "--sockets-per-org", "0"}, 1, "--sockets-per-org"},
		{nil, []string{"serve", "--data", dir, "--socket-queue", "1"}, 1, "--socket-queue"},
		{nil, []string{"serve", "--data", dir, "--heartbeat", "10ms"}, 1, "PINHUO_HEARTBEAT"},
		{nil, []string{"serve", "--data", dir}, 1, "admin init"},
		{nil, []string{"admin", "init", "--data", dir, "--box", "1,2,3"}, 1, "--box"},
		{nil, []string{"admin", "init", "--data", dir, "--zone", "Mars/Olympus"}, 1, "--zone"},
		{nil, []string{"replay", "--loads", "run_test.go", "--trips", "run_test.go", "--data", dir, "--database-url", "postgres://x"}, 1, "--database-url"},
		{nil, []string{"fly"}, 2, "fly"},
		{nil, nil, 2, "--help"},
		{nil, []string{"admin", "init", "--data", dir, "--public-url", "nonsense"}, 1, "--public-url"},
		{nil, []string{"serve", "--data", dir, "--public-url", "pinhuo.example"}, 1, "PINHUO_PUBLIC_URL"},
	}
	for _, c := range cases {
		code, out, errs := pinhuo(c.environ, c.args...)
		if code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%v %v: exit %d, said %q, want %d and %q", c.environ, c.args, code, out+errs, c.code, c.says)
		}
	}
}

// Only what is meant to make a database makes one.
func TestAFolderWithoutADatabaseStaysWithout(t *testing.T) {
	dir := t.TempDir()
	for _, command := range [][]string{
		{"audit"}, {"serve", "--listen", "127.0.0.1:0"}, {"admin", "org", "list"}, {"admin", "org", "add", "--kind", "desk", "--name", "x", "--owner", "y"},
		{"admin", "user", "list", "--org", "x"}, {"admin", "token", "list", "--org", "x"}, {"admin", "backup", dir + "/copy.db"},
	} {
		code, out, errs := pinhuo(nil, append(command, "--data", dir+"/none")...)
		if code != 1 || out != "" || !strings.Contains(errs, "no pinhuo database in "+dir+"/none") {
			t.Errorf("%v: exit %d, said %q", command, code, out+errs)
		}
	}
	t.Setenv("PINHUO_DATA", "")
	for _, command := range [][]string{{"audit"}, {"admin", "init"}, {"serve"}, {"serve", "--demo"}} {
		if code, _, errs := pinhuo(nil, command...); code != 1 || !strings.Contains(errs, "PINHUO_DATA") {
			t.Errorf("%v without a folder: exit %d, said %q", command, code, errs)
		}
	}
	if made, err := os.ReadDir(dir); err != nil || len(made) > 0 {
		t.Errorf("%v were made: %v", made, err)
	}
}

func TestEveryOptionHasHelpAndEverySettingAVariable(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.DefaultEnvars("PINHUO"))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			if f.Help == "" {
				t.Errorf("%s --%s has no help", n.FullPath(), f.Name)
			}
			if f.Name != "help" && (len(f.Envs) == 0 || !strings.HasPrefix(f.Envs[0], "PINHUO_")) {
				t.Errorf("%s --%s has the variables %v", n.FullPath(), f.Name, f.Envs)
			}
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(parser.Model.Node)
}

// What a server can be told stands in the guide, by the name of its variable.
func TestTheGuideNamesEverySettingOfTheServer(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&commands{}, kong.DefaultEnvars("PINHUO"))
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, node := range parser.Model.Children {
		if node.Name != "serve" {
			continue
		}
		for _, f := range node.Flags {
			named++
			if !bytes.Contains(text, []byte("`"+f.Envs[0]+"`")) {
				t.Errorf("docs/operations.md does not name %s (--%s)", f.Envs[0], f.Name)
			}
		}
	}
	if named < 20 {
		t.Errorf("found only %d settings", named)
	}
}

func TestAccountsByCommand(t *testing.T) {
	dir := t.TempDir()
	say := func(args ...string) string {
		t.Helper()
		code, out, errs := pinhuo(nil, append(args, "--data", dir)...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		return out
	}
	if out := say("admin", "init"); !strings.Contains(out, "#link=phl_") || !strings.Contains(out, "until ") {
		t.Errorf("init printed %q", out)
	}
	refused := func(says string, args ...string) {
		t.Helper()
		if code, out, errs := pinhuo(nil, append(args, "--data", dir)...); code != 1 || out != "" || !strings.Contains(errs, says) {
			t.Errorf("%v: exit %d, said %q, want %q", args, code, out+errs, says)
		}
	}
	refused("--another", "admin", "init")
	if out := say("admin", "market", "list"); strings.Count(out, "mk_") != 1 || !strings.Contains(out, "海门工业物流") {
		t.Errorf("markets listed as %q", out)
	}
	refused(`"owner"`, "admin", "org", "add", "--kind", "carrier", "--name", "队", "--owner", "\a")
	org := strings.Fields(say("admin", "org", "add", "--kind", "enterprise", "--name", "厂", "--owner", "clerk"))[1]
	refused("--another", "admin", "org", "add", "--kind", "carrier", "--name", "厂", "--owner", "driver")
	if out := say("admin", "org", "list"); strings.Contains(out, "队") || strings.Count(out, "厂") != 1 || !strings.Contains(out, org) {
		t.Errorf("organizations listed as %q", out)
	}
	refused("owner, clerk, auditor", "admin", "user", "add", "--org", org, "--name", "x", "--role", "driver")
	for _, list := range []string{"user", "token"} {
		refused("og_none", "admin", list, "list", "--org", "og_none")
	}
	token := strings.Fields(say("admin", "token", "add", "--org", org, "--name", "erp"))
	if !strings.HasPrefix(token[3], "pht_") {
		t.Errorf("token printed as %v", token)
	}
	if out := say("admin", "token", "list", "--org", org); !strings.Contains(out, "good") || strings.Contains(out, token[3]) {
		t.Errorf("tokens listed as %q", out)
	}
	say("admin", "org", "revoke", "--org", org)
	if out := say("admin", "token", "list", "--org", org); strings.Contains(out, "good") {
		t.Errorf("a revoked organization has tokens: %q", out)
	}
	if out := say("admin", "user", "list", "--org", org); out != "" {
		t.Errorf("a revoked organization has members: %q", out)
	}
	if out := say("admin", "init", "--another", "--name", "二"); !strings.Contains(out, "restart") {
		t.Errorf("a second market printed %q", out)
	}
	refused("market list", "admin", "org", "add", "--kind", "desk", "--name", "x", "--owner", "y")
	copied := dir + "/copy.db"
	say("admin", "backup", copied)
	restored := t.TempDir()
	text, err := os.ReadFile(copied)
	if err == nil {
		err = os.WriteFile(restored+"/pinhuo.db", text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"audit", "admin new-history", "admin org list"} {
		if code, out, errs := pinhuo(nil, append(strings.Fields(command), "--data", restored)...); code != 0 {
			t.Errorf("%s of a restored copy: exit %d, said %q", command, code, out+errs)
		}
	}
	if out := say("audit"); !strings.Contains(out, "violations: 0") {
		t.Errorf("audit of an empty market: %q", out)
	}
}

func TestASecondServerIsRefusedAndTheFirstDrains(t *testing.T) {
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.metrics = freePort(t)
	h.boot()
	second, err := exec.Command(h.binary, append(h.args(), "--listen", "127.0.0.1:0")...).CombinedOutput()
	if err == nil || !strings.Contains(string(second), "pid ") {
		t.Errorf("a second server: %v, said %q", err, second)
	}
	for _, url := range []string{h.base + "/healthz", h.base + "/readyz", h.base + "/openapi.json", h.base + "/", "http://" + h.metrics + "/metrics", "http://" + h.metrics + "/debug/pprof/heap"} {
		if status, _ := fetch(t, url); status != http.StatusOK {
			t.Errorf("%s: %d", url, status)
		}
	}
	if _, text := fetch(t, h.base+"/metrics"); strings.Contains(text, "pinhuo_rounds_total") {
		t.Error("the public port tells the metrics")
	}
	if status, _ := fetch(t, h.base+"/debug/pprof/heap"); status != http.StatusNotFound {
		t.Errorf("the public port answers %d to a question for its memory", status)
	}
	if _, text := fetch(t, "http://"+h.metrics+"/metrics"); !strings.Contains(text, `pinhuo_http_request_seconds_count{class="2xx",method="GET",route="/readyz"} 1`) {
		t.Errorf("requests are not timed: %s", text)
	}
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Wait(); err != nil {
		t.Errorf("drained server: %v\n%s", err, h.log)
	}
	h.cmd = nil
}
