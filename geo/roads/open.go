package roads

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"unsafe"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// ErrFile is wrapped where a file is no road file, or a damaged one.
var ErrFile = errors.New("road file")

// ErrFormat is wrapped where a road file is of another format than this program
// reads.
var ErrFormat = errors.New("format of the road file")

// Open maps a road file into memory. The head is checked at once, everything
// else when the first question is asked, or by Verify. It fails with ErrFile or
// ErrFormat, or where the file cannot be read. Close it when no question is
// open any more.
func Open(path string) (*Graph, error) {
	if !littleEndian {
		return nil, fmt.Errorf("open %s: little-endian machines only: %w", path, ErrFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open road file: %w", err)
	}
	data, err := mapFile(f)
	if err != nil {
		return nil, fmt.Errorf("open road file: %w", errors.Join(err, f.Close()))
	}
	g := &Graph{mapped: data, file: f}
	if err := g.load(data); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(err, g.Close()))
	}
	return g, nil
}

// Close gives the file back. Nothing may be asked of the graph afterwards.
func (g *Graph) Close() error {
	if g.file == nil {
		return nil
	}
	err := errors.Join(unmapFile(g.mapped), g.file.Close())
	g.file, g.mapped = nil, nil
	return err
}

// shelf is the sections of a file by name.
type shelf struct {
	sections map[string]section
	err      error
}

// readTable reads the head of a file.
func readTable(data []byte) (*shelf, error) {
	if len(data) < headSize || string(data[:16]) != fileMagic {
		return nil, fmt.Errorf("not made by `pinhuo roads build`: %w", ErrFile)
	}
	if format := binary.LittleEndian.Uint32(data[16:]); format != fileFormat {
		return nil, fmt.Errorf("format %d, this program reads %d: build it anew with `pinhuo roads build`: %w", format, fileFormat, ErrFormat)
	}
	n, size := uint64(binary.LittleEndian.Uint32(data[20:])), binary.LittleEndian.Uint64(data[24:])
	if size != uint64(len(data)) || n > mostSection || headSize+rowSize*n > size {
		return nil, fmt.Errorf("%d bytes of %d: copy it again, or build it anew: %w", len(data), size, ErrFile)
	}
	head := data[:headSize+rowSize*n]
	if headCRC(head) != binary.LittleEndian.Uint32(data[32:]) {
		return nil, fmt.Errorf("its head is damaged: copy it again, or build it anew: %w", ErrFile)
	}
	s := &shelf{sections: map[string]section{}}
	for i := range n {
		row := head[headSize+rowSize*i:][:rowSize]
		name := strings.TrimRight(string(row[:nameSize]), "\x00")
		from, length := binary.LittleEndian.Uint64(row[nameSize:]), binary.LittleEndian.Uint64(row[nameSize+8:])
		if from > size || length > size-from || from%alignTo != 0 {
			return nil, fmt.Errorf("section %s lies outside: %w", name, ErrFile)
		}
		s.sections[name] = section{name, data[from : from+length], binary.LittleEndian.Uint32(row[nameSize+16:])}
	}
	return s, nil
}

// check compares a section with its checksum.
func (s *section) check() error {
	if crc32.Checksum(s.data, castagnoli) != s.crc {
		return fmt.Errorf("section %s is damaged: copy the file again, or build it anew: %w", s.name, ErrFile)
	}
	return nil
}

// take is a section as a slice; it notes an error where there is none of n
// elements, or none at all for a negative n.
func take[T any](s *shelf, name string, n int) []T {
	var zero T
	found, ok := s.sections[name]
	size := int(unsafe.Sizeof(zero))
	if !ok || len(found.data)%size != 0 || n >= 0 && len(found.data) != n*size {
		s.err = errors.Join(s.err, fmt.Errorf("section %s is missing or of the wrong size: %w", name, ErrFile))
		return make([]T, 1)
	}
	if len(found.data) <= alignTo { // what others are measured by
		s.err = errors.Join(s.err, found.check())
	}
	if len(found.data) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&found.data[0])), len(found.data)/size)
}

// load lays the graph over the sections.
func (g *Graph) load(data []byte) error {
	s, err := readTable(data)
	if err != nil {
		return err
	}
	meta := s.sections["meta"]
	if err := meta.check(); err != nil {
		return err
	}
	if err := json.Unmarshal(meta.data, &g.meta); err != nil {
		return fmt.Errorf("what it says of itself: %w", errors.Join(err, ErrFile))
	}
	n, p := g.meta.Nodes, g.meta.Pieces
	if n < 1 || p < 1 {
		return fmt.Errorf("%d nodes and %d pieces: %w", n, p, ErrFile)
	}
	g.nodes, g.pieces = take[geo.Point](s, "nodes", n), take[Piece](s, "pieces", p+1)
	g.shape = take[ShapePoint](s, "shape", -1)
	g.names = names{take[uint32](s, "names.first", -1), take[byte](s, "names.text", -1)}
	g.grid.gridSpec = take[gridSpec](s, "grid", 1)[0]
	g.grid.first = take[uint32](s, "grid.first", max(int(g.grid.Rows), 0)*max(int(g.grid.Cols), 0)+1)
	g.grid.strands = take[strand](s, "grid.strands", -1)
	for i := range g.meta.Profiles {
		number := g.meta.Profiles[i].Routes
		switch {
		case number == len(g.routes):
			g.routes = append(g.routes, loadRoutes(s, fmt.Sprintf("%d.", number), &g.meta, &g.meta.Profiles[i]))
		case number < 0 || number > len(g.routes):
			return fmt.Errorf("profile %q stands for no routes: %w", g.meta.Profiles[i].Name, ErrFile)
		}
	}
	if len(g.routes) == 0 {
		return fmt.Errorf("no profile: %w", ErrFile)
	}
	return s.err
}

func loadRoutes(s *shelf, prefix string, meta *Meta, m *ProfileMeta) *routes {
	p, n := meta.Pieces, max(m.States, 0)
	half := func(name string) ch.Half {
		name = prefix + name
		return ch.Half{First: take[uint32](s, name+".first", n+1), To: take[uint32](s, name+".to", -1),
			Weight: take[ch.Weight](s, name+".weight", -1), Middle: take[uint32](s, name+".middle", -1)}
	}
	r := &routes{
		pace: take[[2]uint32](s, prefix+"pace", p), weight: take[ch.Weight](s, prefix+"weight", 2*p),
		src: take[uint32](s, prefix+"src", 2*p), dst: take[uint32](s, prefix+"dst", 2*p), origin: take[uint32](s, prefix+"origin", n),
		hierarchy: &ch.Hierarchy{Up: half("up"), Down: half("down"),
			Loop: take[ch.Weight](s, prefix+"loop", n), LoopMiddle: take[uint32](s, prefix+"loop.middle", n)},
		ends: take[byte](s, prefix+"ends", p), region: take[byte](s, prefix+"region", p),
		byArc: take[uint32](s, prefix+"flags", 1)[0] == 1,
	}
	if m.LabelEntries > 0 {
		side := func(name string) ch.Side {
			name = prefix + name
			return ch.Side{First: take[uint32](s, name+".first", n+1), Hub: take[uint32](s, name+".hub", -1), Weight: take[ch.Weight](s, name+".weight", -1)}
		}
		r.labels = &ch.Labels{From: side("from"), To: side("to")}
	}
	r.cells = loadCells(s, prefix, meta.Nodes)
	r.arm()
	return r
}

func loadCells(s *shelf, prefix string, nodes int) *cells {
	spec := take[cellSpec](s, prefix+"cells", 1)[0]
	size := int(spec.Fines) * int(spec.Coarses)
	table := func(name string, unit int64) bounds {
		return bounds{unit: unit, out: take[uint16](s, prefix+name+".out", size), in: take[uint16](s, prefix+name+".in", size)}
	}
	return &cells{
		resolutions: spec.Resolutions, fines: int(spec.Fines), coarses: int(spec.Coarses),
		fine: take[uint32](s, prefix+"cells.fine", nodes), coarse: take[uint32](s, prefix+"cells.coarse", nodes),
		ms: table("cells.ms", spec.UnitMs), cm: table("cells.cm", spec.UnitCm),
	}
}

// Verify compares the whole file with its checksums, once, and fails with
// ErrFile where a bit has turned. Every question does so first.
func (g *Graph) Verify() error {
	g.check.Do(func() { g.faulty = g.verify() })
	return g.faulty
}

func (g *Graph) verify() error {
	s, err := readTable(g.mapped)
	if err != nil {
		return err
	}
	for _, section := range s.sections {
		if err := section.check(); err != nil {
			return err
		}
	}
	for _, r := range g.routes {
		if err := g.inside(r); err != nil {
			return err
		}
		if err := r.hierarchy.Check(); err != nil {
			return errors.Join(err, ErrFile)
		}
		if r.labels == nil {
			continue
		}
		if err := r.labels.Check(r.hierarchy.Size()); err != nil {
			return errors.Join(err, ErrFile)
		}
	}
	return nil
}

// inside fails where a piece, a straight or a state lies outside the arrays.
func (g *Graph) inside(r *routes) error {
	for i := range g.meta.Pieces {
		p, next := &g.pieces[i], &g.pieces[i+1]
		if int(p.From) >= len(g.nodes) || int(p.To) >= len(g.nodes) || p.Shape+2 > next.Shape || int(next.Shape) > len(g.shape) {
			return fmt.Errorf("piece %d lies outside: %w", i, ErrFile)
		}
	}
	for i := range g.meta.Pieces {
		if n := g.pieces[i].Name; int(n)+1 >= len(g.names.first) || g.names.first[n] > g.names.first[n+1] || int(g.names.first[n+1]) > len(g.names.text) {
			return fmt.Errorf("name of piece %d lies outside: %w", i, ErrFile)
		}
	}
	for _, c := range g.grid.strands {
		if int(c.Piece) >= g.meta.Pieces || c.Point < g.pieces[c.Piece].Shape || c.Point+1 >= g.pieces[c.Piece+1].Shape {
			return fmt.Errorf("straight %d of piece %d lies outside: %w", c.Point, c.Piece, ErrFile)
		}
	}
	for arc := range r.src {
		for _, rank := range [2]uint32{r.src[arc], r.dst[arc]} {
			if rank != ch.None && int(rank) >= r.hierarchy.Size() {
				return fmt.Errorf("state %d of arc %d lies outside: %w", rank, arc, ErrFile)
			}
		}
	}
	return nil
}
