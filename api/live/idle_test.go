package live

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"pinhuo/freight"
)

// A thousand sockets that only listen take little memory and one goroutine
// each. The clients are bare lines, so that what is measured is the server.
func TestIdleSocketsAreSmall(t *testing.T) {
	const sockets, most = 1000, 16 << 10
	w := begin(t, nil)
	// One before the count pays for what is made once.
	w.bare(0)
	w.caughtUp()
	heap, routines := inUse()
	for i := range sockets {
		w.bare(1 + i)
	}
	w.caughtUp()
	until(t, "writers and handlers have gone", func() bool {
		_, n := inUse()
		return n <= routines+sockets
	})
	after, _ := inUse()
	each := (int64(after) - int64(heap)) / sockets
	t.Logf("%d bytes a socket", each)
	if each > most {
		t.Errorf("%d bytes a socket, at most %d", each, most)
	}
}

// bare opens a socket without a client library and leaves it unread.
func (w *world) bare(i int) {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.server.URL, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	who, err := json.Marshal(member(freight.ID(fmt.Sprint("og_", i%10)), freight.ID(fmt.Sprint("ss_", i))))
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "GET /v1/stream HTTP/1.1\r\nHost: pinhuo\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nWho: %s\r\n\r\n", who)
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatalf("handshake: %v, %v", answer, err)
	}
}

// inUse returns the bytes of heap and stacks in use, and the goroutines.
func inUse() (bytes uint64, routines int) {
	runtime.GC()
	runtime.GC() // pools are emptied by the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse, runtime.NumGoroutine()
}
