package roads

import (
	"bytes"
	_ "embed" // the profiles that stand when nobody says otherwise
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
)

// ErrProfile is wrapped where a vehicle profile makes no sense.
var ErrProfile = errors.New("vehicle profile")

//go:embed profiles.json
var builtinProfiles []byte

// Profile is a vehicle as the road sees it. The first profile of a graph is the
// one that answers when none is named.
type Profile struct {
	Name     string         `json:"name"`
	Kg       uint32         `json:"kg"`        // gross
	HeightMm uint32         `json:"height_mm"` // of the vehicle
	LengthMm uint32         `json:"length_mm"` // of the whole combination
	Kmh      map[string]int `json:"speeds"`    // the most it drives, by class of road
}

// profileFile is the form of the file of profiles: speeds at the top hold for
// all profiles, those of a profile come before them.
type profileFile struct {
	Speeds   map[string]int `json:"speeds"`
	Profiles []Profile      `json:"profiles"`
}

// DefaultProfiles are truck (9.6 m), light (4.2 m) and semi (13 and 17.5 m).
func DefaultProfiles() []Profile {
	p, err := ParseProfiles(builtinProfiles)
	if err != nil {
		panic(err) // the embedded file is part of the program
	}
	return p
}

// ParseProfiles reads a file of profiles. What it leaves out of the speeds is
// as in the built-in file. It fails with ErrProfile for a speed that is not
// within 1..200 km/h, a class that does not exist, a name that is empty or
// taken, or a vehicle without weight, height or length.
func ParseProfiles(text []byte) ([]Profile, error) {
	var file, builtin profileFile
	if err := json.Unmarshal(builtinProfiles, &builtin); err != nil {
		return nil, fmt.Errorf("built-in profiles: %w", errors.Join(err, ErrProfile))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("profiles: %w", errors.Join(err, ErrProfile))
	}
	if len(file.Profiles) == 0 {
		file.Profiles = builtin.Profiles
	}
	for i := range file.Profiles {
		p := &file.Profiles[i]
		speeds := maps.Clone(builtin.Speeds)
		maps.Copy(speeds, file.Speeds)
		maps.Copy(speeds, p.Kmh)
		p.Kmh = speeds
		if err := p.check(file.Profiles[:i]); err != nil {
			return nil, err
		}
	}
	return file.Profiles, nil
}

func (p *Profile) check(before []Profile) error {
	if p.Name == "" || p.Kg == 0 || p.HeightMm == 0 || p.LengthMm == 0 {
		return fmt.Errorf("profile %q needs a name, kg, height_mm and length_mm: %w", p.Name, ErrProfile)
	}
	for _, other := range before {
		if other.Name == p.Name {
			return fmt.Errorf("two profiles are called %q: %w", p.Name, ErrProfile)
		}
	}
	for class, kmh := range p.Kmh {
		if c, ok := ClassOf(class); !ok || c == Gate {
			return fmt.Errorf("profile %q: %q is no class of road: %w", p.Name, class, ErrProfile)
		}
		if kmh < 1 || kmh > 200 {
			return fmt.Errorf("profile %q drives %d km/h on %s, which is not within 1..200: %w", p.Name, kmh, class, ErrProfile)
		}
	}
	return nil
}

// fits tells whether the vehicle is within a piece's limits.
func (p *Profile) fits(r *Piece) bool {
	within := func(size, limit uint32) bool { return limit == 0 || size <= limit }
	return within(p.Kg, r.MaxKg) && within(p.HeightMm, r.MaxHighMm) && within(p.LengthMm, r.MaxLongMm)
}

// paces are the nanoseconds a metre that the vehicle takes forward and back on a
// piece; 0 where it must not drive.
func (p *Profile) paces(r *Piece) (out [2]uint32) {
	if !p.fits(r) {
		return out
	}
	for dir, flag := range []uint8{Forward, Back} {
		if r.Flags&flag == 0 {
			continue
		}
		switch {
		case r.PaceNs > 0:
			out[dir] = r.PaceNs
		case r.Class == Gate:
			out[dir] = 1
		default:
			kmh := p.Kmh[r.Class.String()]
			if limit := int(r.MaxKmh[dir]); limit > 0 {
				kmh = min(kmh, limit)
			}
			out[dir] = uint32((3_600_000_000 + kmh/2) / kmh)
		}
	}
	return out
}

// speedFactor scales speeds, nil for as they are.
type speedFactor func(p *Piece, forward bool) float64

// scale is the paces of a piece at scaled speeds. It fails with ErrProfile for a
// factor that is not above 0 and up to 10.
func (f speedFactor) scale(p *Piece, paces [2]uint32) ([2]uint32, error) {
	if f == nil || p.Class == Gate {
		return paces, nil
	}
	for dir, pace := range paces {
		if pace == 0 {
			continue
		}
		by := f(p, dir == 0)
		if !(by > 0 && by <= 10) {
			return paces, fmt.Errorf("speed factor %v on way %d: %w", by, p.Way, ErrProfile)
		}
		paces[dir] = uint32(min(math.Round(float64(pace)/by), math.MaxUint32))
	}
	return paces, nil
}
