package main

import "testing"

func TestCPUModel(t *testing.T) {
	if got := cpuModel("processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7R13\nmodel name\t: other\n"); got != "AMD EPYC 7R13" {
		t.Errorf("model %q", got)
	}
	if got := cpuModel("processor : 0\n"); got != "unknown" {
		t.Errorf("model %q where none is named", got)
	}
	if m := thisMachine(); m.Cores < 1 || m.Go == "" || m.Commit == "" {
		t.Errorf("machine %+v", m)
	}
}
