package freight

import (
	"bytes"
	"encoding/json"
)

// decodeTable reads the JSON of a table that an operator may write, and knows every
// field of it. The decoder stands behind the value, for who allows nothing after it.
func decodeTable(text []byte, into any) (*json.Decoder, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder, decoder.Decode(into)
}
