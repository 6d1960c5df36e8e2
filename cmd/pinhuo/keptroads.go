package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"pinhuo/freight"
	"pinhuo/geo/roads"
)

// keptRoads is a folder of the road files that live trips were announced under, named
// by their versions: a trip is measured by one graph for all its life, also when the
// server has been restarted on another file meanwhile.
type keptRoads struct {
	dir string
	log *slog.Logger
}

func (k keptRoads) path(version string) string { return filepath.Join(k.dir, version+".roads") }

// keep holds on to a graph's file: by a second link to it, or by a copy where the file
// lies elsewhere or is another one by now. Where that fails the trips of this run are
// measured anew after the next start, which is logged.
func (k keptRoads) keep(g *roads.Graph, path string) {
	version := g.Meta().Version
	target := k.path(version)
	if _, err := os.Stat(target); err == nil {
		return
	}
	err := os.MkdirAll(k.dir, 0o700)
	if err == nil && (os.Link(path, target) != nil || !k.holds(target, version)) {
		err = g.Write(target)
	}
	if err != nil {
		k.log.Warn("cannot keep road file: after a restart on another one its trips will be measured by that", "version", version, "error", err)
	}
}

// holds tells whether a file is of the version.
func (k keptRoads) holds(path, version string) bool {
	g, err := roads.Open(path)
	if err != nil {
		return false
	}
	same := g.Meta().Version == version
	return g.Close() == nil && same
}

// open makes a router of every profile of every file that is kept. What cannot be read
// is logged and removed: trips that name it go on by the graph in use.
func (k keptRoads) open() (list []*roads.Router) {
	for _, path := range k.files() {
		routers, err := openRouters(path)
		if err != nil {
			k.log.Error("kept road file cannot be read: its trips are measured by the roads in use", "error", errors.Join(err, os.Remove(path)))
			continue
		}
		list = append(list, routers...)
	}
	return list
}

func (k keptRoads) files() []string {
	found, err := filepath.Glob(k.path("*"))
	if err != nil {
		k.log.Error("look for kept road files", "error", err)
	}
	return found
}

// drop removes the files that no live trip names, but for that of a version in use. What
// is open stays readable until the process ends.
func (k keptRoads) drop(named []freight.Router, inUse string) {
	for _, path := range k.files() {
		version := strings.TrimSuffix(filepath.Base(path), ".roads") + "-"
		needed := strings.HasPrefix(inUse, version)
		for _, r := range named {
			needed = needed || strings.HasPrefix(r.Version, version)
		}
		if needed {
			continue
		}
		if err := os.Remove(path); err != nil {
			k.log.Warn("remove road file that no trip names", "error", err)
		}
	}
}
