package geo

// Search finds the trips that may carry a load one after the other: a glance tells of each
// a bound of its detour, which its record makes closer where somebody asks. It is for
// who wants the best few of many. A Search is used again by one goroutine at a time; the
// zero Search is ready.
type Search struct {
	corridor *Corridor
	query    *query
}

// Seek begins a search, and returns the trips that may carry the load, in no order, as far
// as can be told at a glance: what TripsFor returns and some more, with bounds that
// are less close. They are valid until the next search. It fails with ErrCoordinates.
func (s *Search) Seek(c *Corridor, l Load) ([]Candidate, error) {
	if s.query == nil {
		s.query = new(query)
	}
	s.corridor = c
	err := s.query.seek(c, l)
	return s.query.found, err
}

// Detour is the bound of TripsFor for a trip that Seek returned; false where that leaves it
// out.
func (s *Search) Detour(slot uint32) (seconds int64, ok bool) {
	t := s.corridor.trips.get(slot)
	if t == nil {
		return 0, false
	}
	return s.query.detour(t)
}
