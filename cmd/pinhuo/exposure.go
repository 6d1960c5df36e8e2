package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof" // registers with a mux that nothing serves
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pinhuo/api/live"
)

// exposure is what the server shows to whom, and how much of it one may have.
type exposure struct {
	MetricsAddr    string        `help:"Address to serve /metrics for Prometheus and /debug/pprof/ on, such as 127.0.0.1:9180; nowhere when empty." env:"PINHUO_METRICS_ADDR" name:"metrics-addr"`
	TrustedProxies []string      `help:"Addresses and networks (CIDR) of proxies whose X-Forwarded-For is believed; nobody's when empty." env:"PINHUO_TRUSTED_PROXIES" name:"trusted-proxies"`
	Sockets        int           `help:"Sockets in all; 0 for what the limit of open files allows." default:"0" env:"PINHUO_SOCKETS"`
	SocketsPerOrg  int           `help:"Sockets of one organization." default:"1000" env:"PINHUO_SOCKETS_PER_ORG" name:"sockets-per-org"`
	SocketQueue    int           `help:"KiB that may wait for one socket before it is closed as slow." default:"512" env:"PINHUO_SOCKET_QUEUE"`
	Heartbeat      time.Duration `help:"Time between two life signs on a socket." default:"25s" env:"PINHUO_HEARTBEAT"`

	proxies []netip.Prefix
}

// check refuses what makes no sense, and reads the proxies.
func (x *exposure) check() error {
	most := live.MostClients()
	switch {
	case x.Sockets < 0 || x.Sockets > most:
		return fmt.Errorf("--sockets (PINHUO_SOCKETS) must be 0 to %d, what the limit of open files leaves", most)
	case x.SocketsPerOrg < 1 || x.SocketsPerOrg > 1_000_000:
		return errors.New("--sockets-per-org (PINHUO_SOCKETS_PER_ORG) must be 1 to 1000000")
	case x.SocketQueue < 16 || x.SocketQueue > 64<<10:
		return errors.New("--socket-queue (PINHUO_SOCKET_QUEUE) must be 16 to 65536 KiB")
	case x.Heartbeat < time.Second || x.Heartbeat > 5*time.Minute:
		return errors.New("--heartbeat (PINHUO_HEARTBEAT) must be 1s to 5m")
	}
	x.proxies = nil
	for _, text := range x.TrustedProxies {
		proxies, err := network(text)
		if err != nil {
			return fmt.Errorf("--trusted-proxies (PINHUO_TRUSTED_PROXIES): %w", err)
		}
		x.proxies = append(x.proxies, proxies)
	}
	return nil
}

// network reads an address or a network.
func network(text string) (netip.Prefix, error) {
	if at, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(at.Unmap(), at.Unmap().BitLen()), nil
	}
	net, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return net, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", text)
	case net.Bits() == 0:
		return net, fmt.Errorf("%q would believe everybody", text)
	case net != net.Masked():
		return net, fmt.Errorf("%q is no network: did you mean %s?", text, net.Masked())
	}
	return net, nil
}

// live fills in what a hub is told.
func (x *exposure) live(cfg live.Config) live.Config {
	cfg.MaxClients, cfg.MaxPerOrg, cfg.QueueBytes, cfg.Heartbeat = x.Sockets, x.SocketsPerOrg, x.SocketQueue<<10, x.Heartbeat
	return cfg
}

// measured serves the metrics on an address of their own.
type measured struct {
	listener net.Listener
	web      *http.Server
}

// listenMetrics opens the address; nil when there is none.
func (x *exposure) listenMetrics(registry *prometheus.Registry, log *slog.Logger) (*measured, error) {
	if x.MetricsAddr == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", x.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("--metrics-addr (PINHUO_METRICS_ADDR): %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	profiles(mux)
	log.Info("serving metrics", "url", "http://"+listener.Addr().String()+"/metrics")
	return &measured{listener, newWeb(mux, log)}, nil
}

// profiles adds where the server's time and memory go, as `go tool pprof` reads it.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index) // heap, goroutine, mutex and the like
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

// run serves until the context ends; nil serves nothing.
func (m *measured) run(ctx context.Context) error {
	if m == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { _ = m.web.Close() }) // a scrape is asked again
	defer stop()
	return serving(m.web, m.listener)
}
