package freight

import (
	_ "embed" // the fee table
	"fmt"
)

//go:embed fees.json
var defaultFees []byte

// FeeCause is why somebody owes a fee.
type FeeCause string

// The causes of a fee. What is bigger than declared is settled by measuring it anew.
const (
	FeeWithdrawn  FeeCause = "withdrawn"  // the shipper takes a booked load back
	FeeNoShow     FeeCause = "no_show"    // the goods were not there
	FeeCancelled  FeeCause = "cancelled"  // the carrier takes the trip back
	FeeRemeasured FeeCause = "remeasured" // the goods are bigger than declared
)

// FeeRow is one line of the fee table: who leaves with at least so much notice before
// the promised pickup owes at most so much of what the shipper pays.
type FeeRow struct {
	Cause   FeeCause `json:"cause"`
	NoticeS int64    `json:"notice_s"`
	Percent int64    `json:"percent"` // of the shipper's share
}

// Fees is the fee table: the rows of a cause stand together, the longest notice
// first, and the last of them is for no notice at all.
type Fees struct {
	Rows []FeeRow `json:"rows"`
}

// DefaultFees returns the built-in fee table.
func DefaultFees() Fees {
	f, err := ParseFees(defaultFees)
	if err != nil {
		panic(fmt.Sprintf("freight: built-in fee table: %v", err))
	}
	return f
}

// ParseFees reads a fee table; an Invalid error names what is wrong in it.
func ParseFees(text []byte) (Fees, error) {
	var f Fees
	if _, err := decodeTable(text, &f); err != nil {
		return Fees{}, &Error{Code: Invalid, Problem: ProblemMalformed, Field: "fees", Cause: err}
	}
	var faults Faults
	last := map[FeeCause]int64{}
	for i, row := range f.Rows {
		field := fmt.Sprintf("fees.rows[%d]", i)
		before, known := last[row.Cause]
		faults.Require(row.Percent >= 0 && row.Percent <= 100, field+".percent", ProblemRange, fmt.Sprint(row.Percent))
		faults.Require(row.NoticeS >= 0 && (!known || row.NoticeS < before), field+".notice_s", ProblemRange, fmt.Sprint(row.NoticeS))
		last[row.Cause] = row.NoticeS
	}
	for _, cause := range []FeeCause{FeeWithdrawn, FeeNoShow, FeeCancelled, FeeRemeasured} {
		least, known := last[cause]
		faults.Require(known && least == 0, "fees.rows."+string(cause), ProblemRequired, "")
		delete(last, cause)
	}
	faults.Require(len(last) == 0, "fees.rows.cause", ProblemUnknown, "")
	return f, faults.Err()
}

// Of returns the fee for leaving with that much notice, in fen, rounded down: a part
// of what the shipper pays. It is never more than that.
func (f *Fees) Of(cause FeeCause, notice Instant, share Fen) Fen {
	for _, row := range f.Rows {
		if row.Cause == cause && (notice >= Instant(row.NoticeS)*Second || row.NoticeS == 0) {
			return share * Fen(row.Percent) / 100
		}
	}
	return 0
}
