package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/geo/roads/check"
	"pinhuo/geo/roads/osm"
)

// roadsCommand is everything about road files.
type roadsCommand struct {
	Build  roadsBuild  `cmd:"" help:"Make a road file of OpenStreetMap extracts (.osm.pbf)."`
	Info   roadsInfo   `cmd:"" help:"Print what a road file says of itself, and check it for damage."`
	Route  roadsRoute  `cmd:"" help:"Print the way between two places."`
	Matrix roadsMatrix `cmd:"" help:"Print metres and seconds between all of the places, as CSV."`
	Report roadsReport `cmd:"" help:"Compare the road with the estimates between towns."`
	Check  roadsCheck  `cmd:"" help:"Compare a road file with a plain search over the extract it was made of."`
}

type roadsBuild struct {
	In       []string `arg:"" help:"Extracts; what they have in common is taken once." type:"existingfile"`
	Out      string   `help:"Road file to write." short:"o" required:"" type:"path"`
	Profiles string   `help:"File of vehicle profiles (JSON); the built-in truck, light and semi when empty." type:"existingfile"`
	Date     string   `help:"Date of the data, where the extract does not say."`
	Island   int64    `help:"Least length of road, in km, of an island that stays beside the main roads: no way leads there, but routes on it are found." default:"100" name:"island-km"`
	Labels   int      `help:"Most entries of hub labels a profile; above it routes are searched in the hierarchy." default:"200000000"`
}

// Run writes the file whole or not at all.
func (c *roadsBuild) Run(ctx context.Context, io streams) error {
	if c.Island < 1 {
		return errors.New("--island-km must be 1 or more")
	}
	profiles := roads.DefaultProfiles()
	if c.Profiles != "" {
		text, err := os.ReadFile(c.Profiles)
		if err != nil {
			return fmt.Errorf("profiles: %w", err)
		}
		if profiles, err = roads.ParseProfiles(text); err != nil {
			return err
		}
	}
	debug.SetGCPercent(50) // an extract may be as large as the machine: memory before time
	net, err := osm.Read(ctx, c.In, meter("read"))
	if err != nil {
		return err
	}
	if c.Date != "" {
		net.Date = c.Date
	}
	g, err := roads.Build(ctx, net, roads.BuildOptions{Profiles: profiles, Labels: c.Labels, IslandM: 1000 * c.Island, Progress: meter("build")})
	if err != nil {
		return err
	}
	if err := g.Write(c.Out); err != nil {
		return err
	}
	return printInfo(io, g)
}

// meter draws a bar on a terminal and nothing anywhere else.
func meter(what string) func(done, total int64) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
				progressbar.OptionClearOnFinish())
		}
		_ = bar.Set64(done) // a bar that cannot be drawn is no reason to stop
	}
}

// printInfo says what a graph holds.
func printInfo(io streams, g *roads.Graph) error {
	m := g.Meta()
	w := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(w, "%s\t%v\n", name, value) }
	row("version", m.Version)
	row("sources", strings.Join(m.Sources, " "))
	row("date", m.Date)
	row("licence", m.Licence)
	row("attribution", m.Attribution)
	row("region", fmt.Sprintf("%.4f,%.4f to %.4f,%.4f", m.South, m.West, m.North, m.East))
	row("roads", fmt.Sprintf("%d pieces between %d junctions, %d km", m.Pieces, m.Nodes, m.Metres/1000))
	names := make([]string, 0, len(m.Counts))
	for name := range m.Counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		row(name, m.Counts[name])
	}
	for _, p := range m.Profiles {
		row("profile "+p.Name, fmt.Sprintf("%d kg, %d mm high, %d mm long: %d states, %d arcs, %d shortcuts, %d hub label entries; %d regions that no way leads between; %d pieces (%d km) closed to it or on one of %d islands with less than %d km of road",
			p.Kg, p.HeightMm, p.LengthMm, p.States, p.Arcs, p.Shortcuts, p.LabelEntries, p.Regions, p.DroppedPieces, p.DroppedMetres/1000, p.Islands, m.IslandM/1000))
	}
	return w.Flush()
}

type roadsInfo struct {
	File string `arg:"" help:"Road file." type:"existingfile"`
	JSON bool   `help:"Print it as JSON." name:"json"`
}

// Run fails where the file is damaged.
func (c *roadsInfo) Run(io streams) (err error) {
	g, err := roads.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := g.Verify(); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(io, g.Meta())
	}
	return printInfo(io, g)
}

func printJSON(io streams, value any) error {
	e := json.NewEncoder(io.out)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// roadFile is how a command asks a road file.
type roadFile struct {
	Roads   string  `help:"Road file." required:"" type:"existingfile"`
	Profile string  `help:"Vehicle profile; the file's first when empty."`
	SnapKM  float64 `help:"Farthest that a place may be from a road, in km." default:"15" name:"snap-km"`
}

// open opens the file and makes its router.
func (f roadFile) open() (*roads.Graph, *roads.Router, error) {
	g, err := roads.Open(f.Roads)
	if err != nil {
		return nil, nil, err
	}
	r, err := g.Router(roads.RouterOptions{Profile: f.Profile, SnapM: f.SnapKM * 1000})
	if err != nil {
		return nil, nil, errors.Join(err, g.Close())
	}
	return g, r, nil
}

// place reads "LAT,LON".
func place(text string) (geo.Point, error) {
	lat, lng, ok := strings.Cut(text, ",")
	y, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, err2 := strconv.ParseFloat(strings.TrimSpace(lng), 64)
	if !ok || err1 != nil || err2 != nil {
		return geo.Point{}, fmt.Errorf("%q is not LAT,LON in degrees, such as 31.90,121.17", text)
	}
	return geo.PointOf(y, x)
}

func placesOf(texts []string) ([]geo.Point, error) {
	var out []geo.Point
	for _, text := range texts {
		p, err := place(text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

type roadsRoute struct {
	roadFile
	From string `arg:"" help:"LAT,LON in degrees, WGS-84."`
	To   string `arg:"" help:"LAT,LON in degrees, WGS-84."`
	JSON bool   `help:"Print it as JSON." name:"json"`
	Line bool   `help:"Print the line of the road too."`
}

// routeAnswer is a way as JSON; access_metres are parts of metres.
type routeAnswer struct {
	Metres       int64        `json:"metres"`
	Seconds      int64        `json:"seconds"`
	AccessMetres int64        `json:"access_metres"`
	FromAccessM  int64        `json:"from_access_metres"`
	ToAccessM    int64        `json:"to_access_metres"`
	Method       string       `json:"method"`
	Version      string       `json:"version"`
	Roads        []string     `json:"roads,omitempty"`
	Line         [][2]float64 `json:"line,omitempty"` // longitude, latitude
}

// Run prints one way.
func (c *roadsRoute) Run(io streams) (err error) {
	ends, err := placesOf([]string{c.From, c.To})
	if err != nil {
		return err
	}
	g, r, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	leg, course, err := r.Path(ends[0], ends[1])
	if err != nil {
		return err
	}
	answer := routeAnswer{Metres: leg.Metres, Seconds: leg.Seconds, AccessMetres: leg.FromAccessM + leg.ToAccessM,
		FromAccessM: leg.FromAccessM, ToAccessM: leg.ToAccessM, Method: r.Method(), Version: r.Version(), Roads: course.Roads}
	if c.Line {
		for _, p := range course.Line {
			answer.Line = append(answer.Line, [2]float64{p.Lng(), p.Lat()})
		}
	}
	if c.JSON {
		return printJSON(io, answer)
	}
	fmt.Fprintf(io.out, "%d m, %d s; of it %d m to the road and %d m from it; %s %s\n",
		answer.Metres, answer.Seconds, answer.FromAccessM, answer.ToAccessM, answer.Method, answer.Version)
	for _, name := range answer.Roads {
		fmt.Fprintln(io.out, name)
	}
	for _, p := range answer.Line {
		fmt.Fprintf(io.out, "%.7f,%.7f\n", p[1], p[0])
	}
	return nil
}

type roadsMatrix struct {
	roadFile
	Places []string `arg:"" help:"LAT,LON in degrees, WGS-84."`
}

// Run prints a line of CSV a pair.
func (c *roadsMatrix) Run(ctx context.Context, io streams) (err error) {
	list, err := placesOf(c.Places)
	if err != nil {
		return err
	}
	g, r, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	m, err := r.Matrix(ctx, list, list)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.out, "from,to,metres,seconds,method,version\n")
	for i := range list {
		for j := range list {
			fmt.Fprintf(io.out, "%d,%d,%d,%d,%s,%s\n", i, j, m.Metres(i, j), m.Seconds(i, j), m.Method, m.Version)
		}
	}
	return nil
}

type roadsCheck struct {
	roadFile
	In    string `arg:"" help:"The extract that the road file was made of." type:"existingfile"`
	Pairs int    `help:"Pairs of junctions and bends to compare." default:"1000"`
	Seed  uint64 `help:"Seed of the pairs." default:"1"`
}

// Run prints each difference and, last, their number; it exits with 1 where
// there are any.
func (c *roadsCheck) Run(ctx context.Context, io streams) (err error) {
	g, r, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	profile := g.Meta().Profiles[0]
	for _, p := range g.Meta().Profiles {
		if p.Name == c.Profile {
			profile = p
		}
	}
	step := meter("check")
	o := check.Options{
		Vehicle: check.Vehicle{Kg: float64(profile.Kg), HeightMm: float64(profile.HeightMm), LengthMm: float64(profile.LengthMm), Kmh: profile.Kmh},
		IslandM: g.Meta().IslandM, Pairs: c.Pairs, Seed: c.Seed,
		Leg: func(from, to geo.Point) (check.Answer, error) {
			l, err := r.Leg(from, to)
			if errors.Is(err, roads.ErrNoWay) {
				return check.Answer{NoWay: true}, nil
			}
			return check.Answer{Milliseconds: l.Milliseconds, Centimetres: l.Centis, AccessM: l.FromAccessM + l.ToAccessM}, err
		},
	}
	if step != nil {
		o.Progress = func(done, total int) { step(int64(done), int64(total)) }
	}
	found, err := check.Run(ctx, c.In, o)
	if err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprintln(io.out, d)
	}
	fmt.Fprintf(io.out, "%d\n", len(found))
	if len(found) > 0 {
		return exit(1)
	}
	return nil
}
