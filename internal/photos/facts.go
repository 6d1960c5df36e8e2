package photos

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"pinhuo/freight"
)

// Facts are what a camera wrote beside a picture, as it believed them.
type Facts struct {
	Point *freight.Point // where it was taken, nil where not said
	Local time.Time      // when, by a clock on the wall there; zero where not said
	Zoned bool           // Local is an instant: the camera said in which zone its clock ran

	orientation int // of Exif, 1 to 8
}

// Tags of Exif 2.32 that are read.
const (
	tagOrientation = 0x0112
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagTaken       = 0x9003
	tagTakenZone   = 0x9011
	tagLatRef      = 1
	tagLat         = 2
	tagLngRef      = 3
	tagLng         = 4
)

// Types of values that are read, and the bytes that one takes.
const (
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

var widths = map[uint16]uint64{typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8}

const mostEntries = 512 // of a directory

// directory is an IFD of TIFF: what stands under each of its tags.
type directory struct {
	order binary.ByteOrder
	text  []byte // the whole block
	tags  map[uint16][]byte
}

// readFacts reads a block of Exif, which begins with the header of TIFF. What cannot be
// read is not said.
func readFacts(block []byte) Facts {
	facts := Facts{orientation: 1}
	if len(block) < 8 {
		return facts
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(block[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return facts
	}
	top := readDirectory(block, order, order.Uint32(block[4:]))
	if v := top.tags[tagOrientation]; len(v) == 2 {
		if n := int(order.Uint16(v)); n >= 1 && n <= 8 {
			facts.orientation = n
		}
	}
	inner := top.within(tagExif)
	facts.Local, facts.Zoned = inner.taken()
	facts.Point = top.within(tagGPS).point()
	return facts
}

// readDirectory reads the entries at an offset, as far as they lie within the block.
func readDirectory(block []byte, order binary.ByteOrder, at uint32) directory {
	d := directory{order: order, text: block, tags: map[uint16][]byte{}}
	rest := from(block, uint64(at))
	if len(rest) < 2 {
		return d
	}
	n := min(int(order.Uint16(rest)), mostEntries)
	for i := range n {
		entry := from(rest, uint64(2+12*i))
		if len(entry) < 12 {
			return d
		}
		width, known := widths[order.Uint16(entry[2:])]
		size := width * uint64(order.Uint32(entry[4:]))
		if !known || size == 0 {
			continue
		}
		value := entry[8:12]
		if size > 4 {
			value = from(block, uint64(order.Uint32(value)))
		}
		if uint64(len(value)) >= size {
			d.tags[order.Uint16(entry)] = value[:size]
		}
	}
	return d
}

func from(block []byte, at uint64) []byte {
	if at >= uint64(len(block)) {
		return nil
	}
	return block[at:]
}

// within reads the directory that a tag leads to.
func (d directory) within(tag uint16) directory {
	v := d.tags[tag]
	if len(v) != 4 {
		return directory{order: d.order}
	}
	return readDirectory(d.text, d.order, d.order.Uint32(v))
}

// words reads a text up to its end mark.
func (d directory) words(tag uint16) string {
	text, _, _ := bytes.Cut(d.tags[tag], []byte{0})
	return strings.TrimSpace(string(text))
}

// taken is when the picture was taken, and whether that is known in a zone.
func (d directory) taken() (time.Time, bool) {
	text := d.words(tagTaken)
	if at, err := time.Parse("2006:01:02 15:04:05-07:00", text+d.words(tagTakenZone)); err == nil {
		return at, true
	}
	at, err := time.Parse("2006:01:02 15:04:05", text)
	if err != nil {
		return time.Time{}, false
	}
	return at, false
}

// point is where it was taken, nil where that is not said or is nowhere.
func (d directory) point() *freight.Point {
	lat, ok := d.angle(tagLat, tagLatRef, "N", "S", 90)
	lng, also := d.angle(tagLng, tagLngRef, "E", "W", 180)
	if !ok || !also || lat == 0 && lng == 0 { // which cameras without a fix write
		return nil
	}
	return &freight.Point{LatE7: lat, LngE7: lng}
}

// angle reads degrees, minutes and seconds, in 1e-7 degrees.
func (d directory) angle(tag, ref uint16, plus, minus string, most float64) (int32, bool) {
	v := d.tags[tag]
	if len(v) != 24 {
		return 0, false
	}
	degrees, unit := 0.0, 1.0
	for i := range 3 {
		over, under := d.order.Uint32(v[8*i:]), d.order.Uint32(v[8*i+4:])
		if under == 0 {
			if over != 0 {
				return 0, false
			}
			under = 1
		}
		degrees += unit * float64(over) / float64(under)
		unit /= 60
	}
	switch d.words(ref) {
	case plus:
	case minus:
		degrees = -degrees
	default:
		return 0, false
	}
	if math.Abs(degrees) > most {
		return 0, false
	}
	return int32(math.Round(degrees * 1e7)), true
}

// exifMark begins the segment of a JPEG that holds Exif, and sometimes the chunk of a WebP.
const exifMark = "Exif\x00\x00"

// factsOfJPEG finds the block among the segments before the picture.
func factsOfJPEG(raw []byte) []byte {
	rest := raw[2:]
	for len(rest) >= 4 && rest[0] == 0xFF {
		marker := rest[1]
		if marker == 0xFF { // a fill byte
			rest = rest[1:]
			continue
		}
		size := int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xDA || marker == 0xD9 || size < 2 || len(rest) < 2+size {
			return nil
		}
		if body := rest[4 : 2+size]; marker == 0xE1 && bytes.HasPrefix(body, []byte(exifMark)) {
			return body[len(exifMark):]
		}
		rest = rest[2+size:]
	}
	return nil
}

// factsOfPNG finds the block among the chunks.
func factsOfPNG(raw []byte) []byte {
	return chunk(raw[8:], "eXIf", binary.BigEndian, 0, 4, 12)
}

// factsOfWebP finds the block among the chunks.
func factsOfWebP(raw []byte) []byte {
	return bytes.TrimPrefix(chunk(raw[12:], "EXIF", binary.LittleEndian, 4, 0, 8), []byte(exifMark))
}

// chunk finds the content of a chunk by its name. size and kind are where these stand in
// the eight bytes before the content, and extra is how many bytes there are beside it.
func chunk(rest []byte, name string, order binary.ByteOrder, size, kind, extra int) []byte {
	for len(rest) >= 8 {
		n := int64(order.Uint32(rest[size:]))
		if n > int64(len(rest)-8) {
			return nil
		}
		if string(rest[kind:kind+4]) == name {
			return rest[8 : 8+n]
		}
		step := n + int64(extra)
		if extra == 8 { // of RIFF: even
			step += n & 1
		}
		if step > int64(len(rest)) {
			return nil
		}
		rest = rest[step:]
	}
	return nil
}

// At returns when a picture was taken, a clock without a zone read as one of the zone; 0
// where that is not said.
func (f *Facts) At(zone *time.Location) freight.Instant {
	if f.Local.IsZero() {
		return 0
	}
	if f.Zoned {
		return freight.At(f.Local)
	}
	t := f.Local
	return freight.At(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone))
}
