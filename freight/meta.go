package freight

// Meta is what every row carries: whose it is, who changed it last, and the
// version that a change must name.
type Meta struct {
	ID      ID      `json:"id"`
	Market  ID      `json:"market"`
	Org     ID      `json:"org"`
	Version int64   `json:"version"` // 1 when made, one more at each change
	Made    Instant `json:"made"`
	Changed Instant `json:"changed"`
	Actor   ID      `json:"actor"`                  // user or token of the last change, "" for a clock
	Behalf  ID      `json:"on_behalf_of,omitempty"` // the organization an officer acted for
}

// Touch moves the row to its next version.
func (m *Meta) Touch(at Instant, actor, behalf ID) {
	m.Version++
	m.Changed, m.Actor, m.Behalf = at, actor, behalf
}

// Router names the router that measured a row's distances; it is frozen with them.
type Router struct {
	Method  string `json:"method"`  // "fallback" or "graph"
	Version string `json:"version"` // of its data and settings
}
