package pools

import (
	"os"
	"strings"
	"testing"

	"pinhuo/freight"
)

// The example that docs/price.md works to the fen is what the code says.
func TestTheWorkedExample(t *testing.T) {
	doc, err := os.ReadFile("../../docs/price.md")
	if err != nil {
		t.Fatal(err)
	}
	deals := newSearch(fourFirms()...).Form()
	if len(deals) != 1 {
		t.Fatalf("%d pools", len(deals))
	}
	d, s := deals[0], newSearch(fourFirms()...)
	cost, _ := costs.Of(d.Type)
	figures := []freight.Fen{cost.Fixed, d.Hire, d.Value, d.Hire - cost.Fixed - cost.Drive(d.Metres, 0), cost.Drive(d.Metres, 0)}
	var alone, most, causes freight.Fen
	for i, r := range d.Split.Riders {
		c := s.causes(d, i)
		figures = append(figures, d.Riders[i].Load.Alone, r.Ceiling, c, r.Ceiling-c, r.Share-c, r.Share)
		alone, most, causes = alone+d.Riders[i].Load.Alone, most+r.Ceiling, causes+c
	}
	for _, f := range append(figures, alone, most, causes, most-causes, d.Hire-causes) {
		if !strings.Contains(string(doc), f.String()) {
			t.Errorf("docs/price.md does not say %s", f)
		}
	}
}

func fourFirms() []*freight.Load {
	return []*freight.Load{
		crates("looms", at(122, 10), at(2, 12), 3000, 3000, [2]int{8, 12}, [2]int{9, 18}),
		crates("paints", at(120, 8), at(4, 10), 1700, 2000, [2]int{8, 11}, [2]int{9, 18}),
		crates("lamps", at(115, 12), at(0, 8), 2200, 3000, [2]int{9, 12}, [2]int{10, 20}),
		crates("buttons", at(124, 9), at(6, 14), 600, 900, [2]int{7, 12}, [2]int{9, 17}),
	}
}
