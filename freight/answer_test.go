package freight_test

import (
	"testing"

	"pinhuo/freight"
)

// Whoever makes the change that was named has made it; who leaves all as it was has not.
func TestAChangeThatWasMadeIsKnown(t *testing.T) {
	terms := freight.LoadTerms{Ceiling: 1000, Needs: freight.CapTailLift,
		Size: freight.Size{Pieces: []freight.Piece{{Count: 4, LengthMM: 1000, WidthMM: 1000, HeightMM: 1000}}, Access: freight.AccessSide}}
	terms.Pickup.Window = freight.Window{Open: freight.Day, Close: 2 * freight.Day}
	terms.Delivery.Window = freight.Window{Open: 3 * freight.Day, Close: 4 * freight.Day}
	place := freight.Point{LatE7: 1, LngE7: 2}
	for _, kind := range freight.RemedyKinds {
		r := freight.Remedy{Kind: kind, By: 2, Point: &place, Drop: freight.CapTailLift, Price: 10, Beside: 5}
		if r.Made(&terms, &terms) {
			t.Errorf("%s: made by leaving all as it was", kind)
		}
		after := r.Apply(terms)
		if !r.Made(&terms, &after[0]) {
			t.Errorf("%s: not known when made", kind)
		}
	}
	any := freight.Remedy{Kind: freight.RemedyAccess}
	if after := any.Apply(terms); !any.Made(&terms, &after[0]) || any.Made(&terms, &terms) {
		t.Error("access from any side")
	}
	none := freight.Remedy{Kind: freight.RemedyNone}
	if none.Made(&terms, &terms) {
		t.Error("no change was made")
	}
}

func TestWhatIsAnAnswer(t *testing.T) {
	next := &freight.NextStep{Alone: 100, Vehicle: freight.TypeVan, Vehicles: 1}
	none, later := &freight.Remedy{Kind: freight.RemedyNone}, &freight.Remedy{Kind: freight.RemedyPickupLater}
	for _, tc := range []struct {
		e    freight.Explanation
		want bool
		bare bool
	}{
		{freight.Explanation{Remedy: none, Next: next}, true, true},
		{freight.Explanation{Remedy: later, Next: next}, true, false},
		{freight.Explanation{Remedy: none}, false, true},
		{freight.Explanation{Next: next}, false, false},
		{freight.Explanation{Remedy: none, Next: &freight.NextStep{}}, false, true},
	} {
		if tc.e.Answers() != tc.want || tc.e.Bare() != tc.bare {
			t.Errorf("%+v: answers %v, bare %v", tc.e, tc.e.Answers(), tc.e.Bare())
		}
	}
}
