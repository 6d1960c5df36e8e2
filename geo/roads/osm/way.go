package osm

import (
	"math"
	"strings"

	"github.com/paulmach/osm"

	"pinhuo/geo/roads"
)

// way is a road as its tags describe it, before it is cut at junctions.
type way struct {
	id        int64
	first     uint32 // of its nodes
	name      uint32
	durMs     uint32 // of a ferry
	firstPart uint32 // of its pieces, once cut
	limits    limits
	class     roads.Class
	flags     uint8
	kmh       [2]uint8
}

// wayOf reads a way's tags; ok is false where no truck drives.
func wayOf(w *osm.Way) (out way, ok bool) {
	class, ok := classOf(w.Tags)
	if !ok || len(w.Nodes) < 2 || w.Tags.Find("area") == "yes" || w.Tags.Find("service") == "emergency_access" {
		return way{}, false
	}
	out = way{id: int64(w.ID), class: class, flags: directions(w.Tags, class), kmh: speeds(w.Tags), limits: limitsOf(w.Tags)}
	if class == roads.Ferry {
		out.durMs = uint32(min(duration(w.Tags.Find("duration")), math.MaxUint32))
	}
	general := accessOf(w.Tags, "")
	for flag, suffix := range map[uint8]string{roads.Forward: ":forward", roads.Back: ":backward"} {
		a := accessOf(w.Tags, suffix)
		if a == unsaid {
			a = general
		}
		switch a {
		case closed:
			out.flags &^= flag
		case ends:
			out.flags |= roads.EndsOnly
		}
	}
	return out, out.flags&(roads.Forward|roads.Back) != 0
}

// label is what a road is called.
func label(tags osm.Tags) string {
	name, ref := tags.Find("name"), tags.Find("ref")
	switch {
	case ref == "":
		return name
	case name == "":
		return ref
	}
	return name + " (" + ref + ")"
}

// conditionals counts the tags that depend on the hour or the load.
func conditionals(tags osm.Tags) (n int) {
	for _, t := range tags {
		if strings.HasSuffix(t.Key, ":conditional") {
			n++
		}
	}
	return n
}

// barrier is what stands on a node in a truck's way.
type barrier struct {
	access access
	limits limits
}

// blocking are the barriers that no truck passes unless its tags say so.
var blocking = map[string]bool{
	"bollard": true, "block": true, "jersey_barrier": true, "cycle_barrier": true, "motorcycle_barrier": true, "log": true,
	"debris": true, "chain": true, "stile": true, "turnstile": true, "kissing_gate": true, "full-height_turnstile": true,
	"wall": true, "fence": true, "hedge": true, "ditch": true, "planter": true, "barrier_board": true, "sump_buster": true,
	"bus_trap": true, "spikes": true, "rope": true,
}

// barrierOf reads a node's tags; ok is false where nothing is in the way.
func barrierOf(tags osm.Tags) (b barrier, ok bool) {
	kind := tags.Find("barrier")
	if kind == "" {
		return barrier{}, false
	}
	b = barrier{access: accessOf(tags, ""), limits: limitsOf(tags)}
	if b.access == unsaid && blocking[kind] {
		b.access = closed
	}
	return b, b.access == closed || b.access == ends || b.limits != limits{}
}
