package freight

import (
	"strconv"
	"unicode/utf8"
)

// Site is a place that an organization has given a name: its own gate or a
// customer's, with whom to ask for and when the dock is open. It is told to
// that organization only, and copied into a stop when it is chosen.
type Site struct {
	Meta
	Name    string  `json:"name"`
	Place   Place   `json:"place"`
	Contact Contact `json:"contact,omitzero"`
	Hours   Hours   `json:"hours,omitzero"`
	Note    string  `json:"note,omitempty"` // how to find the gate
}

// Hours is a daily span in minutes after midnight in the market's time zone. It
// may pass midnight; the zero Hours are the whole day.
type Hours struct {
	Open int32 `json:"open"`
	Shut int32 `json:"shut"`
}

// The bounds of a Site.
const (
	MaxSites     = 500 // of an organization
	maxSiteName  = 64  // characters
	maxSiteNote  = 200
	minutesInDay = 24 * 60
)

// Check tells what is wrong with the site's own words: an *Error of code
// Invalid with all faults.
func (s *Site) Check() error {
	var faults Faults
	text := func(field, value string, least, most int) {
		n := utf8.RuneCountInString(value)
		faults.Require(n >= least || n > 0, field, ProblemRequired, "")
		if n > most || !utf8.ValidString(value) {
			faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: field, Value: Shorten(value), Max: strconv.Itoa(most)})
		}
	}
	text("name", s.Name, 1, maxSiteName)
	text("place.town", s.Place.Town, 1, maxSiteName)
	text("place.address", s.Place.Address, 0, maxSiteNote)
	text("contact.name", s.Contact.Name, 0, maxSiteName)
	text("contact.phone", s.Contact.Phone, 0, maxSiteName/2)
	text("note", s.Note, 0, maxSiteNote)
	for _, end := range []struct {
		field  string
		minute int32
	}{{"hours.open", s.Hours.Open}, {"hours.shut", s.Hours.Shut}} {
		faults.Require(end.minute >= 0 && end.minute < minutesInDay, end.field, ProblemRange, strconv.Itoa(int(end.minute)))
	}
	faults.Require(s.Hours == Hours{} || s.Hours.Open != s.Hours.Shut, "hours.shut", ProblemWindow, "")
	return faults.Err()
}

// Same tells whether two sites say the same, whatever their versions.
func (s *Site) Same(other *Site) bool {
	return s.Org == other.Org && s.Name == other.Name && s.Place == other.Place && s.Contact == other.Contact &&
		s.Hours == other.Hours && s.Note == other.Note
}
