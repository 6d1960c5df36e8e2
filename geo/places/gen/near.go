package main

import (
	"maps"
	"slices"
)

// clearly is how many times farther off every other county with a town of the name must be.
const clearly = 2

// matchNear gives towns of which a prefecture has several, or which GeoNames has under a
// neighbouring one, the row of their name that lies near the seat of their own county and
// clearly farther from those of all others that have such a town.
func (j *joiner) matchNear() {
	bearers, claims := map[int64]map[string][]int{}, map[int64]map[string][]int{}
	note := func(to map[int64]map[string][]int, region int64, name string, i int) {
		if to[region] == nil {
			to[region] = map[string][]int{}
		}
		if list := to[region][name]; len(list) == 0 || list[len(list)-1] != i {
			to[region][name] = append(list, i)
		}
	}
	for i := range j.places {
		if p := &j.places[i]; p.kind == town {
			note(claims, regionOf(p.code), p.short, i)
		}
	}
	given := map[int64]bool{} // ids of rows that are some town's
	for i := range j.places {
		given[j.places[i].id] = j.places[i].kind == town || given[j.places[i].id]
	}
	for n := range j.rows {
		if t := &j.rows[n]; t.country == "CN" && !given[t.id] {
			for _, name := range t.names {
				note(bearers, t.province, short(name), n)
			}
		}
	}
	for _, region := range slices.Sorted(maps.Keys(claims)) {
		for _, name := range slices.Sorted(maps.Keys(claims[region])) {
			if runes(name) >= 2 {
				j.nearest(claims[region][name], bearers[region][name])
			}
		}
	}
}

// regionOf is the province of a code of the lists, two digits.
func regionOf(code int64) int64 {
	for code > 99 {
		code /= 10
	}
	return code
}

// nearest gives each town of a name the one row that can only be its own.
func (j *joiner) nearest(towns, rows []int) {
	mine := map[int][]int{}
	for _, n := range rows {
		if i := j.owner(towns, n); i >= 0 {
			mine[i] = append(mine[i], n)
		}
	}
	for _, i := range towns {
		if len(mine[i]) == 1 && !j.places[i].exact {
			j.take(i, mine[i][0])
		}
	}
}

// owner is the town of a row's name whose county's seat is near it, all others being
// clearly farther off; -1 where that is not certain.
func (j *joiner) owner(towns []int, n int) int {
	t, best, least, second := &j.rows[n], -1, float64(nearBy), float64(tooFar)
	for _, i := range towns {
		seat := j.places[i].parent
		if seat < 0 || !j.places[seat].exact {
			if j.scope(i) == j.scopeOf(*t) {
				return -1 // it may be that one's
			}
			continue
		}
		far := metresApart(t.latE5, t.lngE5, j.places[seat].latE5, j.places[seat].lngE5)
		switch {
		case far < least:
			best, least, second = i, far, min(second, least)
		case far < second:
			second = far
		}
	}
	if best < 0 || second < clearly*least || !j.plausible(best, n) {
		return -1
	}
	return best
}
