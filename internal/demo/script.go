package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"pinhuo/api/client"
)

// town is a place of the play. Haimen is where most of it begins or ends.
type town struct {
	name     string
	lat, lng float64
}

var haimen = town{"海门", 31.896, 121.173}

var towns = []town{
	{"常州", 31.774, 119.954}, {"上海", 31.231, 121.474}, {"苏州", 31.300, 120.620}, {"无锡", 31.570, 120.300},
	{"南京", 32.060, 118.800}, {"昆山", 31.390, 120.980}, {"南通", 31.980, 120.890}, {"泰州", 32.490, 119.910},
	{"扬州", 32.390, 119.410}, {"杭州", 30.250, 120.170}, {"嘉兴", 30.750, 120.750}, {"张家港", 31.870, 120.560},
}

var goods = []string{"纸箱包装电机", "五金配件", "家纺面料", "塑料粒子", "机床铸件", "医用敷料", "电缆盘", "包装材料"}

var trucks = []struct {
	kind string
	kg   float64
	room float64 // floor metres
}{{"4.2m", 1200, 3}, {"6.8m", 4500, 4.5}, {"9.6m", 8000, 6}, {"13m", 14000, 8}}

// mark begins the reference of whatever the demonstration made itself.
const mark = "DEMO-"

// hopelessFor is how long a load that no truck takes waits for its explanation.
const hopelessFor = time.Minute

// script writes loads and trips, the same for the same seed.
type script struct {
	random *rand.Rand
	now    func() time.Time
}

func (s *script) between(low, high float64) float64 { return low + s.random.Float64()*(high-low) }

// hour is the full quarter of an hour after h hours from now.
func (s *script) hour(h float64) time.Time {
	return s.now().Add(time.Duration(h * float64(time.Hour))).Truncate(15 * time.Minute).Add(15 * time.Minute)
}

func (s *script) stop(t town, from, to time.Time) client.Stop {
	return client.Stop{
		Place: client.Place{Lat: round(t.lat + s.between(-0.03, 0.03)), Lng: round(t.lng + s.between(-0.03, 0.03)), Town: t.name,
			Address: fmt.Sprintf("开发区示范路%d号", 1+s.random.IntN(200))},
		Window: client.Window{Open: from, Close: to}, Contact: &client.Contact{Name: "值班室", Phone: "0513-00000000"},
	}
}

func round(degrees float64) float64 { return float64(int(degrees*1e5)) / 1e5 }

// route is one direction between Haimen and a town of the play.
func (s *script) route() (from, to town) {
	other := towns[s.random.IntN(len(towns))]
	if s.random.IntN(3) == 0 {
		return other, haimen
	}
	return haimen, other
}

func (s *script) load(n int) client.LoadTerms {
	from, to := s.route()
	open := s.hour(s.between(1, 3))
	return client.LoadTerms{
		Ref: fmt.Sprintf(mark+"%d-%d", s.now().Unix(), n), Goods: goods[s.random.IntN(len(goods))],
		Pickup:   s.stop(from, open, open.Add(8*time.Hour)),
		Delivery: s.stop(to, open, open.Add(24*time.Hour)),
		Size: client.Size{Pieces: []client.Piece{{Count: 1 + s.random.Int64N(6), LengthM: 1.2, WidthM: 0.8,
			HeightM: round(s.between(0.6, 1.6)), Kg: float64(40 + s.random.IntN(120))}}},
	}
}

// hopeless is a load for which no truck of the play has room, so that the
// reasons are told soon.
func (s *script) hopeless(n int) client.LoadTerms {
	l := s.load(n)
	answer := s.now().Add(hopelessFor)
	l.Goods, l.AnswerBy = "整体床身铸件", &answer
	l.Size = client.Size{Kg: 26000, FloorM: 11.5}
	return l
}

func (s *script) trip(n int) client.TripTerms {
	from, to := s.route()
	truck := trucks[s.random.IntN(len(trucks))]
	depart := s.hour(s.between(2, 4))
	service := int64(0)
	begin, end := s.stop(from, depart, depart.Add(2*time.Hour)), s.stop(to, depart, depart.Add(14*time.Hour))
	begin.Service, end.Service = &service, &service
	return client.TripTerms{
		Ref:     fmt.Sprintf(mark+"%d-%d", s.now().Unix(), n),
		Vehicle: client.Vehicle{Plate: client.Plate{Number: fmt.Sprintf("苏F%05d", s.now().Unix()%1000*100+int64(n)%100), Colour: "yellow"}, Type: truck.kind, Has: []string{"box", "covered"}},
		Stops:   []client.Stop{begin, end},
		Rooms:   []client.Room{{Kg: truck.kg, FloorM: truck.room}},
		Limits:  client.Limits{DetourKm: 60, DetourMin: 90, ExtraStops: 6},
	}
}
