package placebench

import "testing"

func TestRun(t *testing.T) {
	ready, err := Load()
	if err != nil || ready.Len() == 0 || ready.Packed == 0 || ready.Bytes <= 0 {
		t.Fatalf("%+v, %v", ready, err)
	}
	list, err := Run(ready.Gazetteer, 1, 50)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d kinds, %v", len(list), err)
	}
	for _, s := range list {
		if len(s.Took) < 30 || s.At(0) > s.At(0.5) || s.At(0.5) > s.At(1) || s.At(1) <= 0 {
			t.Errorf("%s: %d searches, %v to %v", s.Kind, len(s.Took), s.At(0), s.At(1))
		}
	}
	if _, err := Run(ready.Gazetteer, 1, 0); err == nil {
		t.Error("no searches are no figure")
	}
}
