package freight

import "testing"

// TestFeesByHand reads the built-in table at each of its edges.
func TestFeesByHand(t *testing.T) {
	fees := DefaultFees()
	for _, c := range []struct {
		cause  FeeCause
		notice Instant
		want   Fen
	}{
		{FeeWithdrawn, 48 * Hour, 0}, {FeeWithdrawn, 24 * Hour, 0}, {FeeWithdrawn, 24*Hour - 1, 3999},
		{FeeWithdrawn, 6 * Hour, 3999}, {FeeWithdrawn, 6*Hour - 1, 11999}, {FeeWithdrawn, 2 * Hour, 11999},
		{FeeWithdrawn, 2*Hour - 1, 19999}, {FeeWithdrawn, 0, 19999}, {FeeWithdrawn, -Hour, 19999},
		{FeeNoShow, -Hour, 39999}, {FeeCancelled, 24 * Hour, 0}, {FeeCancelled, Hour, 7999}, {FeeRemeasured, 0, 0},
	} {
		if got := fees.Of(c.cause, c.notice, 39_999); got != c.want {
			t.Errorf("%s with %d ms notice: %d, by hand %d", c.cause, c.notice, got, c.want)
		}
	}
}

// TestFeeTablesRefused names what is wrong in a table.
func TestFeeTablesRefused(t *testing.T) {
	row := func(cause, notice, percent string) string {
		return `{"cause":"` + cause + `","notice_s":` + notice + `,"percent":` + percent + `}`
	}
	sound := row("no_show", "0", "1") + "," + row("cancelled", "0", "1") + "," + row("remeasured", "0", "1") + ","
	for name, text := range map[string]string{
		"more than all":         sound + row("withdrawn", "0", "101"),
		"less than nothing":     sound + row("withdrawn", "0", "-1"),
		"longer notice later":   sound + row("withdrawn", "0", "5") + "," + row("withdrawn", "60", "3"),
		"nothing for no notice": sound + row("withdrawn", "60", "5"),
		"no such cause":         sound + row("withdrawn", "0", "5") + "," + row("weather", "0", "5"),
		"a cause is missing":    row("withdrawn", "0", "5"),
		"another field":         `{"cause":"withdrawn","notice":1}`,
	} {
		if _, err := ParseFees([]byte(`{"rows":[` + text + `]}`)); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseFees([]byte(`{"rows":[` + sound + row("withdrawn", "0", "100") + `]}`)); err != nil {
		t.Error(err)
	}
}
