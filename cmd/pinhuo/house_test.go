package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/store"
)

// house is a real server process with accounts to call it by.
type house struct {
	t       *testing.T
	binary  string
	db      database
	market  freight.ID
	orgs    []houseOrg
	base    string
	metrics string   // address of the metrics, "" for none
	limits  []string // of requests, as the command line names them; nil for none that is met
	cmd     *exec.Cmd
	log     *bytes.Buffer
	begin   time.Time
}

// freePort is an address that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// fetch gets a page.
func fetch(t *testing.T, url string) (status int, text string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

type houseOrg struct {
	id, token, link string
}

var (
	buildOnce sync.Once
	built     string
	buildErr  error
)

// binary builds the program once for all tests, without the race detector: what
// is tested here is a process as it is run.
func binary(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "pinhuo-binary-*")
		if err != nil {
			buildErr = err
			return
		}
		built = filepath.Join(dir, "pinhuo")
		out, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput()
		if err != nil {
			buildErr = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

// newHouse makes a market with some firms and carriers; the server is not yet
// started.
func newHouse(t *testing.T, db database, firms, carriers int) *house {
	t.Helper()
	h := &house{t: t, binary: binary(t), db: db, begin: time.Now()}
	s := h.openStore()
	defer s.Close()
	ctx := context.Background()
	a := accounts.New(accounts.Config{Store: s, Mint: minter{}})
	box, err := parseBox("27.1,115.3,34.3,123.75")
	if err != nil {
		t.Fatal(err)
	}
	market, err := a.CreateMarket(ctx, "test", "Asia/Shanghai", box)
	if err != nil {
		t.Fatal(err)
	}
	h.market = market.ID
	for i := range firms + carriers {
		kind, role := freight.OrgEnterprise, freight.RoleClerk
		if i >= firms {
			kind, role = freight.OrgCarrier, freight.RoleDriver
		}
		org, link, err := addMember(ctx, a, market.ID, kind, fmt.Sprintf("%s %d", kind, i), "user", role)
		if err != nil {
			t.Fatal(err)
		}
		_, secret, err := a.IssueToken(ctx, org.ID, "test", "")
		if err != nil {
			t.Fatal(err)
		}
		h.orgs = append(h.orgs, houseOrg{id: string(org.ID), token: secret, link: link.secret})
	}
	return h
}

func (h *house) openStore() *store.Store {
	h.t.Helper()
	s, err := h.db.found(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) args() []string {
	args := append([]string{"serve"}, h.limits...)
	if h.limits == nil {
		args = append(args, "--rate", "100000", "--burst", "100000")
	}
	args = append(args, "--data", h.db.Data, "--log-level", "warn", "--metrics-addr="+h.metrics)
	if h.db.DatabaseURL != "" {
		args = append(args, "--database-url", h.db.DatabaseURL)
	}
	return args
}

// boot starts the server and waits until it says its address. The first time it
// takes a free port, later the same one.
func (h *house) boot() {
	h.t.Helper()
	listen := "127.0.0.1:0"
	if h.base != "" {
		listen = strings.TrimPrefix(h.base, "http://")
	}
	h.cmd = exec.Command(h.binary, append(h.args(), "--listen", listen)...)
	h.log = &bytes.Buffer{}
	h.cmd.Stderr = h.log
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = h.cmd.Wait()
		h.t.Fatalf("server did not start: %v\n%s", err, h.log)
	}
	go io.Copy(io.Discard, out)
	h.base = strings.TrimSpace(line[strings.Index(line, "http://"):])
	h.t.Cleanup(h.kill)
	h.t.Cleanup(func() {
		if h.t.Failed() && h.cmd != nil {
			_ = h.cmd.Process.Kill() // its log may be read once it has ended
			_ = h.cmd.Wait()
			h.t.Logf("the server said:\n%s", h.log)
			h.cmd = nil
		}
	})
}

// kill ends the server without warning.
func (h *house) kill() {
	if h.cmd == nil {
		return
	}
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
	h.cmd = nil
}

// client returns a client of one organization that does not give up.
func (h *house) client(org int, retried func(string, int, error)) *client.Client {
	c, err := client.New(client.Config{Base: h.base, Token: h.orgs[org].token, Tries: 1000, Retry: retried,
		Wait: func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(min(d, 50*time.Millisecond)):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) audit() string {
	args := []string{"audit", "--data", h.db.Data}
	if h.db.DatabaseURL != "" {
		args = append(args, "--database-url", h.db.DatabaseURL)
	}
	out, _ := exec.Command(h.binary, args...).CombinedOutput()
	return string(out)
}

func (h *house) hour(n int) time.Time {
	return h.begin.Truncate(time.Hour).Add(time.Duration(n) * time.Hour)
}

func houseStop(town string, lat, lng float64, open, end time.Time) client.Stop {
	return client.Stop{Place: client.Place{Lat: lat, Lng: lng, Town: town, Address: "工业路8号"},
		Window: client.Window{Open: open, Close: end}, Contact: &client.Contact{Name: "值班室", Phone: "0513-00000000"}}
}

// load is one of many small loads: one in ten from Haimen to Changzhou, where
// the trips go, the others where none does.
func (h *house) load(ref string, n int) client.LoadTerms {
	pickup := houseStop("合肥", 31.86+float64(n%7)/100, 117.28, h.hour(2), h.hour(9))
	delivery := houseStop("安庆", 30.54, 117.05+float64(n%11)/100, h.hour(2), h.hour(30))
	if n%10 == 0 {
		pickup = houseStop("海门", 31.90+float64(n%7)/100, 121.17, h.hour(2), h.hour(9))
		delivery = houseStop("常州", 31.77, 119.95+float64(n%11)/100, h.hour(2), h.hour(30))
	}
	return client.LoadTerms{Ref: ref, Goods: "12 箱电机", Pickup: pickup, Delivery: delivery,
		Size: client.Size{Pieces: []client.Piece{{Count: 1, LengthM: 0.6, WidthM: 0.4, HeightM: 0.4, Kg: 30}}}}
}

func (h *house) trip(n int) client.TripTerms {
	none := int64(0)
	from, to := houseStop("海门", 31.90, 121.17, h.hour(4), h.hour(8)), houseStop("常州", 31.77, 119.95, h.hour(4), h.hour(28))
	from.Service, to.Service = &none, &none
	return client.TripTerms{
		Vehicle: client.Vehicle{Plate: client.Plate{Number: fmt.Sprintf("苏F%05d", n), Colour: "yellow"}, Type: "9.6m"},
		Stops:   []client.Stop{from, to}, Rooms: []client.Room{{Kg: 9000, FloorM: 7}},
		Limits: client.Limits{DetourKm: 60, DetourMin: 90, ExtraStops: 12},
	}
}
