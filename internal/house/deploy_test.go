package house

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// published matches a port mapping of a compose file in its short form.
var published = regexp.MustCompile(`^\s*-\s*"?([0-9.:\[\]a-z]*[0-9]+:[0-9]+)(/[a-z]+)?"?\s*(#.*)?$`)

// strayPorts lists the port mappings that other machines could reach.
func strayPorts(compose string) []string {
	var found []string
	for n, line := range strings.Split(compose, "\n") {
		if m := published.FindStringSubmatch(line); m != nil && !strings.HasPrefix(m[1], "127.0.0.1:") {
			found = append(found, fmt.Sprintf("line %d: %s", n+1, strings.TrimSpace(line)))
		}
	}
	return found
}

// A server started to try it out must not be open to the network it stands in.
func TestComposePublishesOnThisMachineAlone(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, stray := range strayPorts(string(text)) {
		t.Errorf("docker-compose.yml, %s: publish it on 127.0.0.1", stray)
	}
	if !strings.Contains(string(text), `"127.0.0.1:8080:8080"`) {
		t.Error("docker-compose.yml publishes no server: this test may no longer read what it should")
	}
}

func TestStrayPortsAreFound(t *testing.T) {
	const compose = `
    ports:
      - "127.0.0.1:8080:8080"
      - "9090:9090"
      - 0.0.0.0:5432:5432 # why not
    volumes:
      - ./deploy/prometheus.yml:/etc/prometheus/prometheus.yml:ro
`
	if got := strings.Join(strayPorts(compose), "|"); got != `line 4: - "9090:9090"|line 5: - 0.0.0.0:5432:5432 # why not` {
		t.Fatalf("found %s", got)
	}
}
