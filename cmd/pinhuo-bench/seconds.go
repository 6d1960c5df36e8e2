package main

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
)

// secondsMapper reads "3", "0.5" or "1500ms".
type secondsMapper struct{}

// Decode reads the flag's value.
func (secondsMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("seconds", &text); err != nil {
		return err
	}
	d, err := parseSeconds(text)
	if err != nil {
		return err
	}
	target.SetInt(int64(d))
	return nil
}

func parseSeconds(text string) (time.Duration, error) {
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		return time.Duration(s * float64(time.Second)), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of seconds", text)
	}
	return d, nil
}
