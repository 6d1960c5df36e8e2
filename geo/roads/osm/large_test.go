package osm

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"pinhuo/geo/roads"
)

// largeExtract writes an extract as real ones are: a raster of streets with bends, and for
// every node on a street eight that belong to houses. It returns the bytes that its blocks
// have unpacked.
func largeExtract(t testing.TB, path string, rows, cols int) (unpacked int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := &pbfWriter{w: bufio.NewWriterSize(f, 1<<20)}
	w.blob("OSMHeader", protowire.AppendString(protowire.AppendTag(nil, 4, protowire.BytesType), "OsmSchema-V0.6"))
	for id := int64(0); id < int64(rows*cols*nodesEach); id += perBlock {
		w.nodes(id, min(perBlock, int64(rows*cols*nodesEach)-id), int64(cols))
	}
	// A street of each row and of each column, junction by junction.
	id := int64(1)
	var ways [][]byte
	add := func(way []byte) {
		ways = append(ways, way)
		if id++; len(ways) == perBlock {
			w.ways(ways)
			ways = ways[:0]
		}
	}
	for y := range int64(rows) {
		for x := range int64(cols) {
			at := (y*int64(cols) + x) * nodesEach
			for house := range int64(4) {
				add(street(id, []int64{at + 5 + 8*house, at + 6 + 8*house, at + 7 + 8*house, at + 8 + 8*house, at + 5 + 8*house}, 3, 4))
			}
			if x+1 < int64(cols) {
				add(street(id, []int64{at + 1, at + 2, at + 3, at + nodesEach + 1}, 1, 2))
			}
			if y+1 < int64(rows) {
				add(street(id, []int64{at + 1, at + 4, at + int64(cols)*nodesEach + 1}, 1, 2))
			}
		}
	}
	w.ways(ways)
	if err := w.w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return w.unpacked
}

const (
	nodesEach = 4 * 9 // a junction: itself, three bends, and eight times as many on no street
	perBlock  = 8000
)

type pbfWriter struct {
	w        *bufio.Writer
	unpacked int64
}

func field(b []byte, n protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), value)
}

func number(b []byte, n protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), value)
}

// deltas packs the differences of numbers.
func deltas(list []int64) (b []byte) {
	last := int64(0)
	for _, x := range list {
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(x-last))
		last = x
	}
	return b
}

func (w *pbfWriter) blob(kind string, data []byte) {
	w.unpacked += int64(len(data))
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	z.Write(data)
	z.Close()
	blob := field(number(nil, 2, uint64(len(data))), 3, packed.Bytes())
	header := number(field(nil, 1, []byte(kind)), 3, uint64(len(blob)))
	binary.Write(w.w, binary.BigEndian, uint32(len(header)))
	w.w.Write(header)
	w.w.Write(blob)
}

// block wraps a group in a block whose texts are those of the ways' tags.
func (w *pbfWriter) block(group []byte) {
	texts := field(nil, 1, nil)
	for _, text := range []string{"highway", "residential", "building", "yes"} {
		texts = field(texts, 1, []byte(text))
	}
	w.blob("OSMData", field(field(nil, 1, texts), 2, group))
}

// nodes writes n nodes from an id on; those of a junction lie about it.
func (w *pbfWriter) nodes(id, n, cols int64) {
	var ids, lats, lngs []int64
	for k := id; k < id+n; k++ {
		at, part := k/nodesEach, k%nodesEach
		lat, lng := 300_000_000+at/cols*20_000, 1_200_000_000+at%cols*20_000
		switch {
		case part == 1 || part == 2:
			lng += 6_000 * part
		case part == 3:
			lat += 10_000
		case part > 3:
			lat, lng = lat+part*301, lng+part*409
		}
		ids, lats, lngs = append(ids, k+1), append(lats, lat), append(lngs, lng)
	}
	versions, times := bytes.Repeat([]byte{1}, int(n)), bytes.Repeat([]byte{202, 5}, int(n))
	info := field(field(field(nil, 1, versions), 2, times), 3, times) // version, time and changeset, as extracts have them
	dense := field(field(field(field(nil, 1, deltas(ids)), 5, info), 8, deltas(lats)), 9, deltas(lngs))
	w.block(field(nil, 2, dense))
}

// street is a way with one tag; houses are ways too.
func street(id int64, refs []int64, key, value byte) []byte {
	b := field(field(number(nil, 1, uint64(id)), 2, []byte{key}), 3, []byte{value})
	info := number(number(number(nil, 1, 3), 2, 1_600_000_000), 3, 90_000_000)
	return field(field(b, 4, info), 8, deltas(refs))
}

func (w *pbfWriter) ways(list [][]byte) {
	var group []byte
	for _, one := range list {
		group = field(group, 3, one)
	}
	w.block(group)
}

// decoding is what reading takes whatever an extract's size: blocks under way, twice.
const decoding = 80 << 20

// gcPercent is what `pinhuo roads build` runs under.
const gcPercent = 50

// live is the bytes of objects on the heap.
func live() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// TestReadingTakesLessThanTheFile reads an extract and holds the most that lies on the
// heap meanwhile, garbage too, against half of what the extract's blocks hold and what
// decoding takes.
func TestReadingTakesLessThanTheFile(t *testing.T) {
	wholeRegion(t)
	path := filepath.Join(t.TempDir(), "large.osm.pbf")
	const rows, cols = 200, 900
	unpacked := largeExtract(t, path, rows, cols)
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // each processor decodes blocks of its own
	before, most := live(), int64(0)
	net, err := Read(context.Background(), []string{path}, func(int64, int64) { most = max(most, live()) })
	if err != nil {
		t.Fatal(err)
	}
	kept := live() - before
	if want := 2*rows*cols - rows - cols; len(net.Pieces) != want || len(net.Nodes) != rows*cols || len(net.Shape) < 3*want {
		t.Fatalf("%d pieces between %d junctions over %d points, drawn %d", len(net.Pieces), len(net.Nodes), len(net.Shape), want)
	}
	t.Logf("%.0f MB unpacked, %.0f MB on the heap at most, %.0f MB at the end", float64(unpacked)/1e6, float64(most-before)/1e6, float64(kept)/1e6)
	if net.Pieces[0].Class != roads.Residential || most-before > decoding+unpacked/2 {
		t.Errorf("%d bytes at most for an extract of %d", most-before, unpacked)
	}
}
