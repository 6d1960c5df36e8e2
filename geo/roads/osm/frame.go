package osm

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrDamaged is wrapped where a file is no OpenStreetMap extract in PBF form, or
// one that is damaged or cut off.
var ErrDamaged = errors.New("OSM file")

// BlockError says where a file broke.
type BlockError struct {
	File  string
	Block int   // from 0, which is the header
	Byte  int64 // where the block begins
	Err   error
}

// Error says it in words.
func (e *BlockError) Error() string {
	return fmt.Sprintf("%s: block %d at byte %d: %v: fetch the file again", e.File, e.Block, e.Byte, e.Err)
}

// Unwrap is ErrDamaged and the cause.
func (e *BlockError) Unwrap() []error { return []error{ErrDamaged, e.Err} }

// The largest header of a block and the largest block that the form allows.
const (
	mostHeader = 64 << 10
	mostBlob   = 32 << 20
)

// frames walks a file block by block and unpacks each, so that whoever reads it
// afterwards meets no damage that a checksum can tell. step is told the bytes.
func frames(ctx context.Context, path string, step func(bytes int64)) (blocks int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("open OSM file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &framer{r: bufio.NewReaderSize(f, 1<<20)}
	for {
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("read %s: %w", path, err)
		}
		begin := w.at
		more, err := w.block(blocks == 0)
		if err != nil {
			return 0, &BlockError{path, blocks, begin, err}
		}
		if !more {
			if blocks < 2 {
				return 0, &BlockError{path, blocks, begin, io.ErrUnexpectedEOF}
			}
			return blocks, nil
		}
		blocks++
		step(w.at)
	}
}

// framer reads blocks.
type framer struct {
	r  *bufio.Reader
	at int64
}

// take reads n bytes.
func (w *framer) take(n int) ([]byte, error) {
	b := make([]byte, n)
	got, err := io.ReadFull(w.r, b)
	w.at += int64(got)
	return b, err
}

// block reads one block; more is false at the end of the file.
func (w *framer) block(first bool) (more bool, err error) {
	size, err := w.take(4)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n := binary.BigEndian.Uint32(size)
	if n > mostHeader {
		return false, fmt.Errorf("a header of %d bytes", n)
	}
	header, err := w.take(int(n))
	if err != nil {
		return false, cut(err)
	}
	var kind string
	var length uint64
	err = fields(header, func(field protowire.Number, value []byte, number uint64) {
		switch field {
		case 1:
			kind = string(value)
		case 3:
			length = number
		}
	})
	if err != nil {
		return false, err
	}
	if first && kind != "OSMHeader" {
		return false, errors.New("it does not begin as OSM files in PBF form do")
	}
	if length > mostBlob {
		return false, fmt.Errorf("%d bytes of %q", length, kind)
	}
	blob, err := w.take(int(length))
	if err != nil {
		return false, cut(err)
	}
	return true, unpack(blob)
}

func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// unpack unpacks a block to nowhere.
func unpack(blob []byte) error {
	var packed []byte
	var size uint64
	raw, known := false, false
	err := fields(blob, func(field protowire.Number, value []byte, number uint64) {
		switch field {
		case 1:
			raw = true
		case 2:
			size = number
		case 3:
			packed, known = value, true
		}
	})
	if err != nil || raw {
		return err
	}
	if !known {
		return errors.New("packed in a way that is neither plain nor zlib")
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, mostBlob+1))
	if err != nil {
		return cut(err)
	}
	if uint64(n) != size {
		return fmt.Errorf("%d bytes unpacked of %d", n, size)
	}
	return z.Close()
}

// fields walks the fields of a protocol buffer message.
func fields(b []byte, yield func(field protowire.Number, value []byte, number uint64)) error {
	for len(b) > 0 {
		field, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var value []byte
		var number uint64
		switch kind {
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(field, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		yield(field, value, number)
		b = b[n:]
	}
	return nil
}
