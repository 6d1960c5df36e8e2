package replay

import (
	"cmp"
	"errors"
	"regexp"
	"time"

	"pinhuo/freight"
)

// origin says which column the fields of the exchange that it matches were read
// from.
type origin struct {
	fields *regexp.Regexp
	column string
}

func from(fields, column string) origin { return origin{regexp.MustCompile(fields), column} }

// The first that matches counts.
var (
	loadOrigins = []origin{
		from(`^(pickup|delivery)\.window\.open$`, "ready_at"), from(`^pickup\.window|^answer_by$`, "pickup_by"), from(`^delivery\.window`, "deliver_by"),
		from(`^pickup\.place\.(town|address)`, "pickup_place"), from(`^delivery\.place\.(town|address)`, "dropoff_place"),
		from(`^pickup\.place`, "pickup_lat"), from(`^delivery\.place`, "dropoff_lat"), from(`^pickup\.service`, "load_s"),
		from(`^delivery\.service`, "unload_s"), from(`^size\.litres`, "volume_m3"), from(`^size`, "weight_kg"), from(`^ref$`, "load_id"), from(`^goods$`, "kind"),
	}
	tripOrigins = []origin{
		from(`^stops\[0\]\.place`, "origin_lat"), from(`^stops\[\d+\]\.place`, "dest_lat"), from(`^stops\[\d+\]\.window\.open`, "depart_at"),
		from(`^stops\[\d+\]|^horizon|^lease`, "latest_arrive_at"), from(`^stops`, "stops"), from(`^vehicle\.payload`, "capacity_kg"),
		from(`^vehicle\.inner`, "capacity_m3"), from(`^vehicle\.plate`, "vehicle_id"), from(`^vehicle$`, "vehicle_id"),
		from(`\.kg$`, "spare_kg"), from(`\.litres$`, "spare_m3"), from(`^ref$`, "trip_id"),
	}
)

// refused says of a row what the exchange says of it, in the row's own terms:
// its columns, and times in the zone in which the row writes them.
func (m *market) refused(it *item, err error) *Fault {
	fault := &Fault{File: it.row.file, Line: it.row.line}
	var known *freight.Error
	if errors.As(err, &known) {
		own := it.translated(known)
		own.More = nil
		for i := range known.More {
			own.More = append(own.More, *it.translated(&known.More[i]))
		}
		err = own
	}
	say := m.opts.Say
	if say == nil {
		say = error.Error
	}
	fault.Why = say(err)
	return fault
}

// translated returns the error with the column for the field and local times.
func (it *item) translated(e *freight.Error) *freight.Error {
	own := *e
	origins := loadOrigins
	if it.trip != nil {
		origins = tripOrigins
	}
	zone := it.row.zone("posted_at")
	own.Value, own.Min, own.Max = local(e.Value, zone), local(e.Min, zone), local(e.Max, zone)
	for _, o := range origins {
		if o.fields.MatchString(e.Field) && it.row.has(o.column) {
			own.Field = o.column
			own.Value = cmp.Or(own.Value, freight.Shorten(it.row.text(o.column)))
			break
		}
	}
	return &own
}

// local writes an instant in a zone; any other text stays.
func local(text string, zone *time.Location) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return at.In(zone).Format(time.RFC3339)
}
