package photos_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/photos"
)

// scene is a picture of 32 by 16 with a corner of its own: red at the upper left, blue at
// the lower right, white elsewhere.
func scene() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case x < 8 && y < 8:
				c = color.RGBA{255, 0, 0, 255}
			case x >= 24 && y >= 8:
				c = color.RGBA{0, 0, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asWebP is a grey dot.
func asWebP(t testing.TB) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// entry is one of a directory of Exif.
type entry struct {
	tag, kind uint16
	n         uint32
	value     []byte
}

// exif writes a block with an orientation and, unless bare, the place 31°53'45.6"S
// 121°10'22.8"W and the time, in a zone where one is given.
func exif(order binary.AppendByteOrder, orientation uint16, zone string, bare bool) []byte {
	short := func(v uint16) []byte { return order.AppendUint16(nil, v) }
	long := func(v int) []byte { return order.AppendUint32(nil, uint32(v)) }
	angle := func(parts ...uint32) (out []byte) {
		for i := 0; i < len(parts); i += 2 {
			out = order.AppendUint32(order.AppendUint32(out, parts[i]), parts[i+1])
		}
		return out
	}
	var block []byte
	if order.String() == "LittleEndian" {
		block = []byte("II*\x00")
	} else {
		block = []byte("MM\x00*")
	}
	block = append(block, long(8)...)
	write := func(list []entry) {
		tail := len(block) + 2 + 12*len(list) + 4
		var far []byte
		block = append(block, short(uint16(len(list)))...)
		for _, e := range list {
			block = append(append(append(block, short(e.tag)...), short(e.kind)...), long(int(e.n))...)
			if len(e.value) > 4 {
				block = append(block, long(tail+len(far))...)
				far = append(far, e.value...)
				continue
			}
			block = append(append(block, e.value...), make([]byte, 4-len(e.value))...)
		}
		block = append(append(block, long(0)...), far...)
	}
	if bare {
		write([]entry{{0x0112, 3, 1, short(orientation)}})
		return block
	}
	const inner = 8 + 2 + 3*12 + 4
	taken := []entry{{0x9003, 2, 20, []byte("2026:11:23 10:20:30\x00")}}
	size := 2 + 12 + 4 + 20
	if zone != "" {
		taken = append(taken, entry{0x9011, 2, 7, []byte(zone + "\x00")})
		size += 12 + 7
	}
	write([]entry{{0x0112, 3, 1, short(orientation)}, {0x8769, 4, 1, long(inner)}, {0x8825, 4, 1, long(inner + size)}})
	write(taken)
	write([]entry{{1, 2, 2, []byte("S\x00")}, {2, 5, 3, angle(31, 1, 53, 1, 456, 10)}, {3, 2, 2, []byte("W\x00")}, {4, 5, 3, angle(121, 1, 10, 1, 228, 10)}})
	return block
}

func jpegWith(raw, block []byte) []byte {
	body := append([]byte("Exif\x00\x00"), block...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	return bytes.Join([][]byte{raw[:2], head, body, raw[2:]}, nil)
}

func pngWith(raw, block []byte) []byte {
	body := append([]byte("eXIf"), block...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(block))), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	return bytes.Join([][]byte{raw[:33], chunk, raw[33:]}, nil)
}

func webpWith(raw, block []byte) []byte {
	extended := append([]byte("VP8X\x0a\x00\x00\x00\x08"), make([]byte, 9)...)
	tail := append(binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(block))), block...)
	if len(block)%2 == 1 {
		tail = append(tail, 0)
	}
	body := bytes.Join([][]byte{[]byte("WEBP"), extended, raw[12:], tail}, nil)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func clean(t *testing.T, raw []byte) photos.Picture {
	t.Helper()
	p, err := photos.Clean(raw)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatalf("what is kept is no JPEG: %v", err)
	}
	if b := img.Bounds(); int64(b.Dx()) != p.Width || int64(b.Dy()) != p.Height {
		t.Errorf("said to be %d x %d, is %v", p.Width, p.Height, b)
	}
	for _, trace := range []string{"Exif", "eXIf", "EXIF", "2026:11:23", "II*\x00", "MM\x00*"} {
		if bytes.Contains(p.JPEG, []byte(trace)) {
			t.Errorf("%q is still in it", trace)
		}
	}
	return p
}

func TestPicturesAreTurnedUpright(t *testing.T) {
	// where the red corner and the blue one are to be seen: left or right, upper or lower
	corners := map[uint16][2]string{1: {"LU", "RD"}, 2: {"RU", "LD"}, 3: {"RD", "LU"}, 4: {"LD", "RU"},
		5: {"LU", "RD"}, 6: {"RU", "LD"}, 7: {"RD", "LU"}, 8: {"LD", "RU"}}
	for orientation, want := range corners {
		for name, raw := range map[string][]byte{
			"jpeg": jpegWith(asJPEG(t, scene()), exif(binary.LittleEndian, orientation, "", true)),
			"png":  pngWith(asPNG(t, scene()), exif(binary.BigEndian, orientation, "", true)),
		} {
			p := clean(t, raw)
			if side := orientation >= 5; side != (p.Height > p.Width) {
				t.Errorf("%s %d: %d x %d", name, orientation, p.Width, p.Height)
			}
			img, _ := jpeg.Decode(bytes.NewReader(p.JPEG))
			if got := [2]string{corner(img, 0), corner(img, 2)}; got != want {
				t.Errorf("%s %d: red and blue at %v, want %v", name, orientation, got, want)
			}
		}
	}
}

// corner tells where the corner of a colour is: 0 red, 2 blue.
func corner(img image.Image, colour int) string {
	b := img.Bounds()
	for name, at := range map[string]image.Point{"LU": {3, 3}, "RU": {b.Dx() - 4, 3}, "LD": {3, b.Dy() - 4}, "RD": {b.Dx() - 4, b.Dy() - 4}} {
		r, g, bl, _ := img.At(at.X, at.Y).RGBA()
		if v := [3]uint32{r >> 8, g >> 8, bl >> 8}; v[colour] > 150 && v[1] < 100 && v[2-colour] < 100 {
			return name
		}
	}
	return "nowhere"
}

func TestFactsAreReadAndGone(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for name, raw := range map[string][]byte{
			"jpeg": jpegWith(asJPEG(t, scene()), exif(order, 6, "+02:00", false)),
			"png":  pngWith(asPNG(t, scene()), exif(order, 6, "+02:00", false)),
			"webp": webpWith(asWebP(t), exif(order, 6, "+02:00", false)),
		} {
			p := clean(t, raw)
			if want := (freight.Point{LatE7: -318960000, LngE7: -1211730000}); p.Facts.Point == nil || *p.Facts.Point != want {
				t.Errorf("%s %v: at %v, want %v", name, order, p.Facts.Point, want)
			}
			if at, want := p.Facts.At(shanghai), freight.At(time.Date(2026, 11, 23, 8, 20, 30, 0, time.UTC)); at != want {
				t.Errorf("%s %v: taken %v, want %v", name, order, at, want)
			}
		}
	}
	p := clean(t, jpegWith(asJPEG(t, scene()), exif(binary.BigEndian, 1, "", false)))
	if at, want := p.Facts.At(shanghai), freight.At(time.Date(2026, 11, 23, 2, 20, 30, 0, time.UTC)); at != want {
		t.Errorf("a clock without a zone: %v, want %v", at, want)
	}
	if p := clean(t, asWebP(t)); p.Facts.Point != nil || p.Facts.At(shanghai) != 0 || p.Width != 1 {
		t.Errorf("%+v", p.Facts)
	}
}

func TestWhatCannotBeSeenThroughIsWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16)) // a signature drawn on nothing
	p := clean(t, asPNG(t, img))
	out, _ := jpeg.Decode(bytes.NewReader(p.JPEG))
	if r, g, b, _ := out.At(8, 8).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
		t.Errorf("%d %d %d", r>>8, g>>8, b>>8)
	}
}

// bomb is 100 megapixels in less than 20 kB.
func bomb(t testing.TB) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 10_000, 10_000), color.Palette{color.Black, color.White})
	raw := asPNG(t, img)
	if len(raw) > 20<<10 {
		t.Fatalf("the bomb has %d bytes", len(raw))
	}
	return raw
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	whole := asJPEG(t, scene())
	lying := bytes.Clone(asPNG(t, scene()))
	binary.BigEndian.PutUint32(lying[16:], 4000) // its header says so, its pixels do not
	binary.BigEndian.PutUint32(lying[29:], crc32.ChecksumIEEE(lying[12:29]))
	vast := bytes.Clone(whole) // a JPEG of 65,535 by 65,535 by its header
	at := bytes.Index(vast, []byte{0xFF, 0xC0})
	copy(vast[at+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	hidden := webpWith(asWebP(t), nil) // a canvas of one pixel, and a picture of 16,383 by 16,383
	copy(hidden[bytes.Index(hidden, []byte("VP8 "))+8+6:], []byte{0xFF, 0x3F, 0xFF, 0x3F})
	for name, tc := range map[string]struct {
		raw  []byte
		want freight.Problem
	}{
		"nothing":             {nil, freight.ProblemRequired},
		"a bomb":              {bomb(t), freight.ProblemRange},
		"a bomb of a JPEG":    {vast, freight.ProblemRange},
		"a bomb within":       {hidden, freight.ProblemMalformed},
		"too many bytes":      {append(bytes.Clone(whole), make([]byte, freight.MaxPicture)...), freight.ProblemRange},
		"a web page":          {[]byte("<!doctype html><script>alert(1)</script>"), freight.ProblemMalformed},
		"a GIF":               {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), freight.ProblemMalformed},
		"half a JPEG":         {whole[:len(whole)/2], freight.ProblemMalformed},
		"the head of a JPEG":  {whole[:3], freight.ProblemMalformed},
		"the head of a PNG":   {lying[:8], freight.ProblemMalformed},
		"the head of a WebP":  {asWebP(t)[:12], freight.ProblemMalformed},
		"a header that lies":  {lying, freight.ProblemMalformed},
		"a thin strip":        {asPNG(t, image.NewPaletted(image.Rect(0, 0, 20_000, 1), color.Palette{color.Black})), freight.ProblemRange},
		"a program in a JPEG": {append([]byte{0xFF, 0xD8, 0xFF}, []byte("MZ\x90\x00")...), freight.ProblemMalformed},
	} {
		_, err := photos.Clean(tc.raw)
		var refusal *freight.Error
		if !errors.As(err, &refusal) || refusal.Code != freight.Invalid || refusal.Problem != tc.want || refusal.Field != photos.Field {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	block := exif(binary.LittleEndian, 6, "+02:00", false)
	f.Add(jpegWith(asJPEG(f, scene()), block))
	f.Add(pngWith(asPNG(f, scene()), block))
	f.Add(webpWith(asWebP(f), block))
	f.Add(bomb(f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := photos.Clean(raw)
		if err != nil {
			var refusal *freight.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("not the sender's fault: %v", err)
			}
			return
		}
		clean(t, p.JPEG)
		if at := p.Facts.Point; at != nil && (at.LatE7 < -90e7 || at.LatE7 > 90e7 || at.LngE7 < -180e7 || at.LngE7 > 180e7) {
			t.Errorf("taken at %v", at)
		}
	})
}
