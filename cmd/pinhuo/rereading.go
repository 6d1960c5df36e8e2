package main

import (
	"context"
	"errors"

	"pinhuo/api"
	"pinhuo/freight"
	"pinhuo/geo/roads"
)

// errNoRoadFile is why a server that was started without a road file cannot read it anew.
var errNoRoadFile = errors.New("the server was started without a road file")

// reread takes the road file as it is now, without a pause: trips announced later are
// measured by what it then holds, running ones by what they were announced under. Where
// it cannot be taken everything stays.
func (m *measuring) reread() (changed bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.path == "" {
		return false, errNoRoadFile
	}
	router, err := m.setting.openRoads(m.path)
	if err != nil {
		return false, err
	}
	if router.Version() == m.Version() {
		return false, router.Graph().Close()
	}
	for _, market := range m.markets {
		if err := m.covers(market, router); err != nil {
			return false, errors.Join(err, router.Graph().Close())
		}
	}
	m.kept.keep(router.Graph(), m.path) // before the first trip is announced under it
	m.guide.Swap(router)
	m.log.Warn("road file read anew", "file", m.path, "version", m.Version())
	return true, nil
}

// Reread is reread for an officer of a desk.
func (m *measuring) Reread(context.Context) (api.RoadsInUse, error) {
	changed, err := m.reread()
	if err != nil {
		m.log.Error("read road file anew", "file", m.path, "error", err)
		return api.RoadsInUse{}, &freight.Error{Code: freight.Conflict, Problem: freight.ProblemRoadFile, Value: whyNot(err), Cause: err}
	}
	return api.RoadsInUse{Method: m.Method(), Version: m.Version(), Changed: changed}, nil
}

// whyNot is the cause in a word.
func whyNot(err error) string {
	for _, cause := range []struct {
		err  error
		word string
	}{
		{errNoRoadFile, "none"}, {roads.ErrFormat, "format"}, {roads.ErrFile, "damaged"}, {roads.ErrRegion, "region"}, {roads.ErrNoProfile, "profile"},
	} {
		if errors.Is(err, cause.err) {
			return cause.word
		}
	}
	return "unreadable"
}
