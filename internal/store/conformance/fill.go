package conformance

import (
	"fmt"
	"reflect"
)

// fill gives every field of what p points to a value of its own that is not
// zero, so that a field which a store forgets shows.
func fill(p any) {
	n := int64(0)
	fillValue(reflect.ValueOf(p).Elem(), &n)
}

func fillValue(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("字 \"%d\" \\ <&> \u2028", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1<<40 + *n)
	case reflect.Int32:
		v.SetInt(-1<<30 + *n)
	case reflect.Int16:
		v.SetInt(-1<<14 + *n)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(uint64(*n % 200))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillList(v, n)
	case reflect.Array:
		fillList(v, n)
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.Tag.Get("json") == "-" && field.Type.Kind() == reflect.Interface || field.Name == "More" {
				continue // a cause is never kept, and faults do not nest twice
			}
			fillValue(v.Field(i), n)
		}
	default:
		panic("fill: a field of kind " + v.Kind().String())
	}
}

func fillList(v reflect.Value, n *int64) {
	for i := range v.Len() {
		fillValue(v.Index(i), n)
	}
}
