package api

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

// TestStatementLinesBySide holds who owes whom for each way a booking can stand.
func TestStatementLinesBySide(t *testing.T) {
	type owed struct {
		what         string
		payer, payee freight.ID
		amount       freight.Fen
	}
	for name, c := range map[string]struct {
		state freight.BookingState
		do    func(*freight.Booking)
		want  owed
	}{
		"held":      {freight.BookingHeld, func(*freight.Booking) {}, owed{what: "nothing"}},
		"rides":     {freight.BookingFirm, func(*freight.Booking) {}, owed{"share", shipper.ID, carrier.ID, 40000}},
		"left":      {freight.BookingReleased, func(*freight.Booking) {}, owed{what: "nothing"}},
		"left late": {freight.BookingReleased, func(b *freight.Booking) { b.Fee, b.FeeBy = 20000, b.Shipper }, owed{"fee", shipper.ID, carrier.ID, 20000}},
		"let down":  {freight.BookingReleased, func(b *freight.Booking) { b.Fee, b.FeeBy = 8000, b.Org }, owed{"fee", carrier.ID, shipper.ID, 8000}},
	} {
		d := someDeal("x", c.state)
		c.do(d.Booking)
		for _, side := range []freight.Org{shipper, carrier, desk} {
			l := viewLineOf(scopeOf(side), &d)
			if got := (owed{l.What, l.PayerID, l.PayeeID, l.AmountFen}); got != c.want {
				t.Errorf("%s to the %s: %+v, want %+v", name, side.Kind, got, c.want)
			}
			var st Statement
			st.add(scopeOf(side), l)
			pays, gets := freight.Fen(0), freight.Fen(0)
			if side.Kind == freight.OrgDesk || side.ID == c.want.payer {
				pays = c.want.amount
			}
			if side.Kind == freight.OrgDesk || side.ID == c.want.payee {
				gets = c.want.amount
			}
			if st.PaysFen != pays || st.GetsFen != gets {
				t.Errorf("%s to the %s: pays %d and gets %d, want %d and %d", name, side.Kind, st.PaysFen, st.GetsFen, pays, gets)
			}
		}
	}
}

// TestNoCellOfAStatementIsAFormula gives every text of a statement the beginnings that
// spreadsheets take for formulas.
func TestNoCellOfAStatementIsAFormula(t *testing.T) {
	for _, bad := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1", "=cmd|' /C calc'!A0", "＝1"} {
		d := someDeal("x", freight.BookingFirm)
		d.Load.Ref, d.Load.Goods, d.Load.Pickup.Place.Town, d.Load.Delivery.Place.Town = bad, bad, bad, bad
		d.Shipper.Name, d.Carrier.Name = bad, bad
		st := Statement{}
		st.add(scopeOf(shipper), viewLineOf(scopeOf(shipper), &d))
		text := statementText(&st, chinese, time.UTC)
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %d rows, %v", bad, len(rows), err)
		}
		for i, got := range rows[1] {
			if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n") || strings.ContainsAny(got, "\t\r\n") || strings.HasPrefix(got, "＝") {
				t.Errorf("%q: column %s is %q", bad, rows[0][i], got)
			}
		}
	}
}

// TestAStatementByHand reads one line as a clerk would.
func TestAStatementByHand(t *testing.T) {
	d := someDeal("x", freight.BookingFirm)
	d.Booking.Final = now
	st := Statement{}
	st.add(scopeOf(shipper), viewLineOf(scopeOf(shipper), &d))
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(statementText(&st, english, time.UTC), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Join(rows[1][9:], ", ")
	if want := "456.78, share, " + shipper.Name + ", " + carrier.Name + ", 400.00, yes"; line != want || st.OpenFen != 0 || st.PaysFen != 40000 {
		t.Errorf("%s; want %s", line, want)
	}
}
