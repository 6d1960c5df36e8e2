package freight

import "fmt"

// Fen is money: 1 fen = 0.01 CNY.
type Fen int64

// String writes the amount in yuan with two decimals, for example "1234.50".
func (f Fen) String() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	return fmt.Sprintf("%s%d.%02d", sign, f/100, f%100)
}
