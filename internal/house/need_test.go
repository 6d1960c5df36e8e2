package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// need runs scripts/need.sh where PATH holds nothing but the given programs, each a
// shell script, and returns what it said and whether it succeeded.
func need(t *testing.T, programs map[string]string, args ...string) (string, bool) {
	t.Helper()
	bin := t.TempDir()
	for name, body := range programs {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+body), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script, err := filepath.Abs(filepath.Join(root, "scripts/need.sh"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", append([]string{script}, args...)...)
	// A certificate file that exists, so that a machine without one makes no difference.
	cmd.Env = []string{"PATH=" + bin, "SSL_CERT_FILE=" + script}
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func TestNeedNamesWhatItCannotInstall(t *testing.T) {
	const ok, fails, user, superuser = "exit 0", "exit 1", "echo 1000", "echo 0"
	for _, tc := range []struct {
		name     string
		programs map[string]string
		want     []string
		succeeds bool
	}{
		{"nothing is missing", map[string]string{"go": ok, "gcc": ok, "pkg-config": ok}, nil, true},
		{"zlib alone", map[string]string{"go": ok, "gcc": `read line; case "$line" in *zlib*) exit 1 ;; esac`, "pkg-config": ok, "id": superuser},
			[]string{"no apt-get", "Please install: zlib1g-dev"}, false},
		{"no Go", map[string]string{"gcc": ok}, []string{"Go 1.21 or newer"}, false},
		{"no apt-get", map[string]string{"go": ok, "id": superuser}, []string{"no apt-get", "Please install: gcc libc6-dev"}, false},
		{"headers alone", map[string]string{"go": ok, "gcc": fails, "id": superuser}, []string{"no apt-get", "Please install: libc6-dev"}, false},
		{"neither root nor sudo", map[string]string{"go": ok, "id": user, "apt-get": ok},
			[]string{"neither root nor sudo", "Please install: gcc libc6-dev"}, false},
		{"a sudo that wants a password", map[string]string{"go": ok, "id": user, "apt-get": ok, "sudo": fails},
			[]string{"apt-get update failed", "Please install: gcc libc6-dev"}, false},
		{"a package that is not there", map[string]string{"go": ok, "id": superuser, "apt-get": `[ "$1" = update ]`, "env": "shift; exec \"$@\""},
			[]string{"apt-get install failed", "Please install: gcc libc6-dev"}, false},
		{"all goes well as root", map[string]string{"go": ok, "id": superuser, "apt-get": "echo ran apt-get $*", "env": "shift; exec \"$@\""},
			[]string{"missing: gcc (SQLite and H3 are C libraries)", "ran apt-get install", "gcc libc6-dev"}, true},
		{"all goes well through sudo", map[string]string{
			"go": ok, "id": user, "apt-get": "echo ran apt-get $*", "env": "shift; exec \"$@\"", "sudo": `[ "$1" = -n ] && shift; exec "$@"`,
		}, []string{"ran apt-get install"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said, succeeded := need(t, tc.programs, "build")
			if succeeded != tc.succeeds {
				t.Fatalf("succeeded: %v; it said:\n%s", succeeded, said)
			}
			for _, want := range tc.want {
				if !strings.Contains(said, want) {
					t.Errorf("it did not say %q but:\n%s", want, said)
				}
			}
			if tc.want == nil && said != "" {
				t.Errorf("it had no reason to speak: %s", said)
			}
		})
	}
}

func TestNeedRefusesAnUnknownPurpose(t *testing.T) {
	if said, ok := need(t, nil, "dinner"); ok || !strings.Contains(said, "usage") {
		t.Fatalf("it said %q", said)
	}
}
