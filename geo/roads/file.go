package roads

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"unsafe"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// fileFormat is raised by every change of what a file holds.
const fileFormat = 2

// The head of a file: magic, format, number of sections, size of the file,
// checksum of head and table; then a table of sections; then the sections, each
// at a multiple of 64 bytes. Numbers are little-endian, sections are arrays of
// them as memory has them.
const (
	fileMagic   = "pinhuo.roads\x00\x00\x00\n"
	headSize    = 40
	rowSize     = 48
	nameSize    = 24
	alignTo     = 64
	mostSection = 4096
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// section is a named array of a file.
type section struct {
	name string
	data []byte
	crc  uint32
}

// littleEndian tells whether memory has numbers as files do.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// raw is a slice's memory.
func raw[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

func (g *Graph) sections() []section {
	list := []section{
		{name: "nodes", data: raw(g.nodes)}, {name: "pieces", data: raw(g.pieces)}, {name: "shape", data: raw(g.shape)},
		{name: "names.first", data: raw(g.names.first)}, {name: "names.text", data: g.names.text},
		{name: "grid", data: raw([]gridSpec{g.grid.gridSpec})}, {name: "grid.first", data: raw(g.grid.first)},
		{name: "grid.strands", data: raw(g.grid.strands)},
	}
	for i, r := range g.routes {
		list = append(list, r.sections(fmt.Sprintf("%d.", i))...)
	}
	for i := range list {
		list[i].crc = crc32.Checksum(list[i].data, castagnoli)
	}
	return list
}

func (r *routes) sections(prefix string) []section {
	flags := []uint32{0}
	if r.byArc {
		flags[0] = 1
	}
	list := []section{{name: "flags", data: raw(flags)}, {name: "pace", data: raw(r.pace)}, {name: "ends", data: r.ends}, {name: "region", data: r.region}, {name: "weight", data: raw(r.weight)},
		{name: "src", data: raw(r.src)}, {name: "dst", data: raw(r.dst)}, {name: "origin", data: raw(r.origin)},
		{name: "loop", data: raw(r.hierarchy.Loop)}, {name: "loop.middle", data: raw(r.hierarchy.LoopMiddle)}}
	for i, h := range []*ch.Half{&r.hierarchy.Up, &r.hierarchy.Down} {
		name := []string{"up", "down"}[i]
		list = append(list, section{name: name + ".first", data: raw(h.First)}, section{name: name + ".to", data: raw(h.To)},
			section{name: name + ".weight", data: raw(h.Weight)}, section{name: name + ".middle", data: raw(h.Middle)})
	}
	if r.labels != nil {
		for i, s := range []*ch.Side{&r.labels.From, &r.labels.To} {
			name := []string{"from", "to"}[i]
			list = append(list, section{name: name + ".first", data: raw(s.First)}, section{name: name + ".hub", data: raw(s.Hub)},
				section{name: name + ".weight", data: raw(s.Weight)})
		}
	}
	c := r.cells
	spec := []cellSpec{{Resolutions: c.resolutions, Fines: uint32(c.fines), Coarses: uint32(c.coarses), UnitMs: c.ms.unit, UnitCm: c.cm.unit}}
	list = append(list, section{name: "cells", data: raw(spec)}, section{name: "cells.fine", data: raw(c.fine)},
		section{name: "cells.coarse", data: raw(c.coarse)}, section{name: "cells.ms.out", data: raw(c.ms.out)},
		section{name: "cells.ms.in", data: raw(c.ms.in)}, section{name: "cells.cm.out", data: raw(c.cm.out)}, section{name: "cells.cm.in", data: raw(c.cm.in)})
	for i := range list {
		list[i].name = prefix + list[i].name
	}
	return list
}

// cellSpec is what a file says of a profile's bounds.
type cellSpec struct {
	Resolutions    [2]uint32
	Fines, Coarses uint32
	UnitMs, UnitCm int64
}

// version names what the graph answers: a digest of all that it holds.
func (g *Graph) version() string {
	sum := sha256.New()
	sums := map[string]string{}
	for _, s := range g.sections() {
		sums[s.name] = fmt.Sprintf("%d %08x", len(s.data), s.crc)
	}
	text, err := json.Marshal([]any{sums, g.meta.Profiles}) // maps are written by sorted key
	if err != nil {
		panic(err) // strings and numbers always can be written
	}
	sum.Write(text)
	return fmt.Sprintf("r%d-%x", fileFormat, sum.Sum(nil)[:6])
}

// Write writes the graph to a file that appears whole or not at all. A server
// that has the old file of that name open keeps what it has.
func (g *Graph) Write(path string) error {
	if !littleEndian {
		return errors.New("road files are written and read on little-endian machines only")
	}
	meta, err := json.MarshalIndent(g.meta, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	list := append([]section{{name: "meta", data: meta, crc: crc32.Checksum(meta, castagnoli)}}, g.sections()...)
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = writeSections(tmp, list)
	if err == nil {
		err = errors.Join(tmp.Chmod(0o644), tmp.Sync())
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}

func writeSections(f *os.File, list []section) error {
	head := make([]byte, headSize+rowSize*len(list))
	copy(head, fileMagic)
	at := align(uint64(len(head)))
	for i, s := range list {
		row := head[headSize+rowSize*i:][:rowSize]
		copy(row[:nameSize], s.name)
		binary.LittleEndian.PutUint64(row[nameSize:], at)
		binary.LittleEndian.PutUint64(row[nameSize+8:], uint64(len(s.data)))
		binary.LittleEndian.PutUint32(row[nameSize+16:], s.crc)
		at = align(at + uint64(len(s.data)))
	}
	binary.LittleEndian.PutUint32(head[16:], fileFormat)
	binary.LittleEndian.PutUint32(head[20:], uint32(len(list)))
	binary.LittleEndian.PutUint64(head[24:], at)
	binary.LittleEndian.PutUint32(head[32:], headCRC(head))
	w := bufio.NewWriterSize(f, 1<<20)
	written := uint64(0)
	put := func(b []byte) error {
		n, err := w.Write(b)
		pad := align(uint64(n)) - uint64(n)
		if err == nil {
			_, err = w.Write(make([]byte, pad))
		}
		written += uint64(n) + pad
		return err
	}
	if err := put(head); err != nil {
		return err
	}
	for _, s := range list {
		if err := put(s.data); err != nil {
			return err
		}
	}
	return w.Flush()
}

func align(n uint64) uint64 { return (n + alignTo - 1) / alignTo * alignTo }

// headCRC is the checksum of the head and the table, its own field as zero.
func headCRC(head []byte) uint32 {
	sum := crc32.Update(0, castagnoli, head[:32])
	sum = crc32.Update(sum, castagnoli, make([]byte, headSize-32))
	return crc32.Update(sum, castagnoli, head[headSize:])
}

// Nodes is where the junctions are.
func (g *Graph) Nodes() []geo.Point { return g.nodes }
