package seed

import "testing"

func TestChoose(t *testing.T) {
	first, err := choose("", "TestX")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := choose("", "TestX"); again != first {
		t.Errorf("a test's seed is %d, then %d", first, again)
	}
	if other, _ := choose("", "TestY"); other == first {
		t.Errorf("two tests share the seed %d", first)
	}
	if told, err := choose("17", "TestX"); told != 17 || err != nil {
		t.Errorf("17 gives %d, %v", told, err)
	}
	a, _ := choose("random", "TestX")
	if b, _ := choose("random", "TestX"); a == b {
		t.Errorf("random gave %d twice", a)
	}
	for _, bad := range []string{"-1", "x", "1e3", "18446744073709551616"} {
		if _, err := choose(bad, "TestX"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
