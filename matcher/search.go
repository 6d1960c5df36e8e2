package matcher

// search finds the cheapest feasible insertion.
func (s *survey) search() (best insertion, ok bool) {
	for i := s.first; i <= s.last; i++ {
		for j := i; j <= s.last; j++ {
			in := s.at(i, j)
			if ok && !s.cheaper(in, best) {
				continue
			}
			if _, bad := s.judge(i, j); !bad {
				best, ok = in, true
			}
		}
	}
	return best, ok
}
