package photos

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strconv"

	"golang.org/x/image/webp"

	"pinhuo/freight"
)

// What pictures are bound by.
const (
	maxPixels = 24_000_000 // as they are decoded: 4 bytes each, twice
	maxSide   = 12_000     // pixels
	quality   = 85         // of the JPEG that is kept
)

// form is a kind of picture that is read.
type form struct {
	name   string
	is     func(raw []byte) bool
	config func(raw []byte) (image.Config, error)
	decode func(raw []byte) (image.Image, error)
	facts  func(raw []byte) []byte // the block of facts within it, nil where there is none
}

var forms = []form{
	{"jpeg", func(raw []byte) bool { return bytes.HasPrefix(raw, []byte{0xFF, 0xD8, 0xFF}) },
		func(raw []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(raw)) },
		func(raw []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(raw)) }, factsOfJPEG},
	{"png", func(raw []byte) bool { return bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")) },
		func(raw []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(raw)) },
		func(raw []byte) (image.Image, error) { return png.Decode(bytes.NewReader(raw)) }, factsOfPNG},
	{"webp", func(raw []byte) bool {
		return len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP"
	}, func(raw []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(raw)) },
		func(raw []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(raw)) }, factsOfWebP},
}

// wanted are the forms that are read, for who sends another.
const wanted = "JPEG, PNG, WebP"

// Picture is a picture that is fit to be kept.
type Picture struct {
	JPEG          []byte
	Width, Height int64
	Facts         Facts
}

// Clean reads a picture and makes the one that is kept. Errors that the sender can mend
// are *freight.Error: not a picture, broken, too large, too many pixels.
func Clean(raw []byte) (Picture, error) {
	if len(raw) == 0 {
		return Picture{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: Field}
	}
	if len(raw) > freight.MaxPicture {
		return Picture{}, outOf(strconv.Itoa(len(raw)>>10)+" KiB", strconv.Itoa(freight.MaxPicture>>10)+" KiB")
	}
	f := formOf(raw)
	if f == nil {
		return Picture{}, unreadable("", errors.New("of no known form"))
	}
	config, err := f.config(raw)
	if err != nil {
		return Picture{}, unreadable(f.name, err)
	}
	if err := sized(config.Width, config.Height); err != nil {
		return Picture{}, err
	}
	img, err := f.decode(raw)
	if err != nil {
		return Picture{}, unreadable(f.name, err)
	}
	if b := img.Bounds(); b.Dx() != config.Width || b.Dy() != config.Height {
		return Picture{}, unreadable(f.name, errors.New("its header lies"))
	}
	facts := readFacts(f.facts(raw))
	upright := turn(img, facts.orientation)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("photos: encode: %w", err)
	}
	b := upright.Bounds()
	return Picture{JPEG: out.Bytes(), Width: int64(b.Dx()), Height: int64(b.Dy()), Facts: facts}, nil
}

// Field is what faults of a picture are told of.
const Field = "picture"

func formOf(raw []byte) *form {
	for i := range forms {
		if forms[i].is(raw) {
			return &forms[i]
		}
	}
	return nil
}

// sized refuses a picture by what its header says of it.
func sized(width, height int) error {
	if width <= 0 || height <= 0 {
		return unreadable("", errors.New("without pixels"))
	}
	if width > maxSide || height > maxSide || width*height > maxPixels {
		return outOf(fmt.Sprintf("%d x %d px", width, height), strconv.Itoa(maxPixels)+" px")
	}
	return nil
}

func outOf(value, most string) error {
	return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: Field, Value: value, Max: most}
}

func unreadable(name string, cause error) error {
	return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: Field, Value: name, Want: wanted, Cause: cause}
}

// turn returns a picture as it is to be seen, with nothing to be seen through. The
// orientations are those of Exif: 1 is upright, 2 to 4 are mirrored or upside down, 5 to 8
// lie on a side.
func turn(img image.Image, orientation int) image.Image {
	b := img.Bounds()
	_, plain := img.(*image.YCbCr)
	if orientation <= 1 && plain {
		return img
	}
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, b.Min, draw.Over)
	if orientation <= 1 {
		return flat
	}
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			to := seen(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], flat.Pix[flat.PixOffset(x, y):][:4])
		}
	}
	return out
}

// seen is where a pixel of a picture of w by h is to be seen.
func seen(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}
