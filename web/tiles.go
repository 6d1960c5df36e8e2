package web

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// Tiles are pictures of a better map than the page's own, from a service that whoever runs
// the server has an agreement with. The zero Tiles are none: the page then asks nobody.
type Tiles struct {
	URL         string // with {z}, {x} and {y}
	Datum       string // of the pictures: "wgs84", or "gcj02" for Chinese maps; "" is wgs84
	Attribution string // shown on the map
}

// ErrTiles is wrapped by what Check finds.
var ErrTiles = errors.New("map tiles")

var host = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// Check tells what is wrong with the tiles.
func (t Tiles) Check() error {
	switch t.Datum {
	case "", "wgs84", "gcj02":
	default:
		return fmt.Errorf("%w: datum %q is neither wgs84 nor gcj02", ErrTiles, t.Datum)
	}
	if t.URL == "" {
		if t.Datum != "" || t.Attribution != "" {
			return fmt.Errorf("%w: a datum or an attribution without a URL", ErrTiles)
		}
		return nil
	}
	u, err := url.Parse(t.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !host.MatchString(u.Host) || u.User != nil {
		return fmt.Errorf("%w: %q is no address of the form https://host/{z}/{x}/{y}.png", ErrTiles, t.URL)
	}
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(t.URL, part) {
			return fmt.Errorf("%w: %q lacks %s", ErrTiles, t.URL, part)
		}
	}
	return nil
}

// allowed is the policy of a page that may show the tiles.
func (t Tiles) allowed() string {
	u, err := url.Parse(t.URL)
	if t.URL == "" || err != nil {
		return policy
	}
	return strings.Replace(policy, "img-src 'self' data:", "img-src 'self' data: "+u.Scheme+"://"+u.Host, 1)
}

// told writes the tiles into the page, where its map looks for them.
func (t Tiles) told(index []byte) []byte {
	if t.URL == "" {
		return index
	}
	meta := fmt.Sprintf(`<meta name="pinhuo-tiles" content="%s" data-datum="%s" data-attribution="%s" />`,
		html.EscapeString(t.URL), html.EscapeString(t.Datum), html.EscapeString(t.Attribution))
	return bytes.Replace(index, []byte("</head>"), []byte(meta+"\n  </head>"), 1)
}
