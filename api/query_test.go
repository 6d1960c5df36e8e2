package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestQueriesAreReadWhole: nothing in a query is passed over, and a refusal
// names the parameter.
func TestQueriesAreReadWhole(t *testing.T) {
	s := serve(t, func(c *Config) { c.Stream = &player{} })
	for _, c := range []struct {
		path    string
		status  int
		problem string
		field   string
	}{
		{"/v1/loads?limit=5&limit=6", 400, "malformed", "limit"},
		{"/v1/loads?state=posted&state=closed", 400, "malformed", "state"},
		{"/v1/loads?state=posted&sate=closed", 422, "unknown", "sate"},
		{"/v1/loads?Limit=5", 422, "unknown", "Limit"},
		{"/v1/loads?state=sold", 422, "malformed", "state"},
		{"/v1/loads?limit=%zz", 400, "malformed", "query"},
		{"/v1/loads?limit=5;state=posted", 400, "malformed", "query"},
		{"/v1/loads?limit=", 422, "malformed", "limit"},
		{"/v1/loads?limit=ten", 422, "malformed", "limit"},
		{"/v1/loads?limit=1e2", 422, "malformed", "limit"},
		{"/v1/loads?limit=%2B5", 422, "malformed", "limit"},
		{"/v1/loads?limit=99999999999999999999", 422, "malformed", "limit"},
		{"/v1/loads?limit=0", 422, "range", "limit"},
		{"/v1/loads?limit=-1", 422, "range", "limit"},
		{"/v1/loads?limit=201", 422, "range", "limit"},
		{"/v1/loads?after=%00", 422, "malformed", "after"},
		{"/v1/events?limit=2&Limit=3", 422, "unknown", "Limit"},
		{"/v1/me?verbose", 422, "unknown", "verbose"},
		{"/v1/places?lat=NaN&lng=1", 422, "malformed", "lat"},
		{"/v1/places?lat=1e1&lng=1", 422, "malformed", "lat"},
		{"/v1/stream?after=a&after=b", 400, "malformed", "after"},
		{"/v1/stream?since=a", 422, "unknown", "since"},
	} {
		a := s.send(request{"GET", c.path, "", "clerk", nil})
		if a.StatusCode != c.status || a.at(t, "problem") != c.problem || a.at(t, "field") != c.field {
			t.Errorf("%s: %d %s", c.path, a.StatusCode, a.body)
		}
	}
	a := s.send(request{"POST", "/v1/session?link=phl_1", `{"link": "phl_2"}`, "", nil})
	if a.StatusCode != 422 || a.at(t, "field") != "link" {
		t.Errorf("a write with a query: %d %s", a.StatusCode, a.body)
	}
	s.want(200, request{"GET", "/v1/loads?state=&after=&limit=07", "", "clerk", nil})
}

// TestRemoteBehindProxies: the address that counts is the nearest one that no
// trusted proxy has, whatever strangers write into the header.
func TestRemoteBehindProxies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		proxies []netip.Prefix
		peer    string
		header  []string
		want    string
	}{
		{nil, "10.0.0.1:9", []string{"203.0.113.5"}, "10.0.0.1"},
		{proxies, "203.0.113.5:9", []string{"198.51.100.1"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", nil, "10.0.0.1"},
		{proxies, "10.0.0.1:9", []string{"203.0.113.5"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"198.51.100.1, 203.0.113.5"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"198.51.100.1, 203.0.113.5, 192.0.2.7 ,10.1.1.1"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"198.51.100.1", "203.0.113.5, 192.0.2.7"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"203.0.113.5, unknown, 10.1.1.1"}, "10.1.1.1"},
		{proxies, "10.0.0.1:9", []string{"203.0.113.5:4711"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{proxies, "[fd00::1]:9", []string{"2001:db8::1"}, "2001:db8::1"},
		{proxies, "[::ffff:10.0.0.1]:9", []string{"::ffff:203.0.113.5"}, "203.0.113.5"},
		{proxies, "10.0.0.1:9", []string{"10.0.0.2"}, "10.0.0.2"},
		{proxies, "10.0.0.1:9", []string{""}, "10.0.0.1"},
		{proxies, "@", []string{"203.0.113.5"}, "@"},
	} {
		s := &server{cfg: Config{Proxies: c.proxies}}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header[forwardedFor] = c.header
		if got := s.remote(r); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.peer, c.header, got, c.want)
		}
	}
}

// TestStrangersBehindAProxyHaveTheirOwnAllowance.
func TestStrangersBehindAProxyHaveTheirOwnAllowance(t *testing.T) {
	s := serve(t, func(c *Config) {
		c.Limit = Limit{PerSecond: 1, Burst: 2}
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	knock := func(from string) int {
		return s.send(request{"POST", "/v1/session", `{"link": "phl_none"}`, "", map[string]string{forwardedFor: from}}).StatusCode
	}
	for range 2 {
		knock("198.51.100.1, 203.0.113.5")
	}
	if code := knock("192.0.2.99, 203.0.113.5"); code != 429 {
		t.Errorf("one who changes what he claims: %d", code)
	}
	for _, from := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3"} {
		if code := knock(from); (code == 429) != (from == "2001:db8::3") {
			t.Errorf("%s: %d", from, code)
		}
	}
	if code := knock("2001:db8:0:1::1"); code == 429 {
		t.Error("a stranger pays for the network next door")
	}
	if code := knock("203.0.113.6"); code == 429 {
		t.Error("a stranger pays for another behind the same proxy")
	}
}

// TestRequestsAreTimed under labels that nobody outside can add to.
func TestRequestsAreTimed(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := serve(t, func(c *Config) {
		c.Metrics = registry
		c.Page = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {})
	})
	for _, r := range []request{
		{"GET", "/v1/loads/" + string(id("ld", "one")), "", "clerk", nil},
		{"GET", "/v1/loads/" + string(id("ld", "two")), "", "clerk", nil},
		{"GET", "/v1/loads", "", "nobody", nil},
		{"GET", "/v1/loads", "", "clerk", nil},
		{"PATCH", "/v1/loads", "", "clerk", nil},
		{"GET", "/v1/made/up/1", "", "clerk", nil},
		{"GET", "/v1/made/up/2", "", "clerk", nil},
		{"GET", "/healthz", "", "", nil},
		{"GET", "/some/page", "", "", nil},
		{"GET", "/another/page", "", "", nil},
	} {
		s.send(r)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, family := range families {
		if family.GetName() != "pinhuo_http_request_seconds" {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, pair := range m.GetLabel() {
				labels = append(labels, pair.GetValue())
			}
			seen = append(seen, strings.Join(labels, " ")+" "+strings.Repeat("|", int(m.GetHistogram().GetSampleCount())))
		}
	}
	const want = `2xx GET /healthz |
2xx GET /v1/loads |
2xx GET page ||
4xx GET /v1/loads |
4xx GET /v1/loads/{id} ||
4xx GET none ||
4xx other none |`
	if got := strings.Join(seen, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}
