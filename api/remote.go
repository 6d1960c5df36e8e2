package api

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// forwardedFor is the header in which each proxy names whoever asked it.
const forwardedFor = "X-Forwarded-For"

// remote is the address that a request came from: the nearest one that is no
// trusted proxy. What stands farther left in the header anybody may have
// written.
func (s *server) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if len(s.cfg.Proxies) == 0 {
		return host
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	at = at.Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values(forwardedFor), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(at); i-- {
		next, ok := hop(hops[i])
		if !ok {
			break // whoever wrote this is not to be believed farther
		}
		at = next
	}
	return at.String()
}

func (s *server) trusts(at netip.Addr) bool {
	for _, proxies := range s.cfg.Proxies {
		if proxies.Contains(at) {
			return true
		}
	}
	return false
}

// neighbourhood is whom an allowance of strangers is for: an address, of IPv6 the
// network of 64 bits, for whoever has one of its addresses has them all.
func neighbourhood(remote string) string {
	at, err := netip.ParseAddr(remote)
	if err != nil || at.Is4() {
		return remote
	}
	net, err := at.WithZone("").Prefix(64)
	if err != nil {
		return remote
	}
	return net.String()
}

// hop reads one entry of the header: an address, with or without a port.
func hop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if at, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return at.Unmap().WithZone(""), true
	}
	at, err := netip.ParseAddrPort(text)
	return at.Addr().Unmap().WithZone(""), err == nil
}
