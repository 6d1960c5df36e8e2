package freight

import (
	_ "embed" // the table of risks
	"encoding/json"
	"fmt"
)

//go:embed risks.json
var riskTable []byte

// How the way home of a truck is looked for, and how often its operator is told.
const (
	ReloadAwayM = 20_000   // a trip that ends nearer to home than that by road ends at home
	ReloadWait  = 8 * Hour // how long a truck waits for loads home beyond what it drives
	ReloadLoads = 6        // of one backhaul
	MostReloads = 4        // times that the operator of one trip is told
	ReloadPause = Hour     // from one time to the next
)

// Chain is what an operator states of a trip that is one of several of its vehicle.
type Chain struct {
	Home  *Place `json:"home,omitempty"`  // where the vehicle belongs; nil where nobody has said
	After ID     `json:"after,omitempty"` // the trip at whose end this one begins, "" for none
}

// Tie is what the market notes of the trips before and after one. It is replaced and
// never changed.
type Tie struct {
	Next   ID      `json:"next,omitempty"`   // the trip that begins where this one ends
	Closed Instant `json:"closed,omitempty"` // when the window of the last stop closed before Next was announced
	Risk   int64   `json:"risk,omitempty"`   // that the trip before this one fails, per mille; 0 once it has ended
	Reload *Reload `json:"reload,omitempty"` // what its operator was told last
}

// Reload is what a truck could carry home from the end of its trip: a backhaul that
// nobody has announced yet, and what the chain of both is worth.
type Reload struct {
	At      Instant      `json:"at"`
	Told    int64        `json:"told"`    // how often its operator has been told
	Departs Window       `json:"departs"` // when the truck could set out at the end of its trip
	Back    Instant      `json:"back"`    // by when it would be home
	Until   Instant      `json:"until"`   // last departure that keeps every window of the loads
	Lines   []ReloadLine `json:"lines"`   // in the order in which they are put in
	Drive   Leg          `json:"drive"`   // home without them
	Price   Fen          `json:"price"`   // what they pay together
	First   int64        `json:"first"`   // value in fen of what the trip carries
	Then    int64        `json:"then"`    // value in fen of what the backhaul would
	Risk    int64        `json:"risk"`    // that the trip fails, per mille
	Value   int64        `json:"value"`   // of the chain: First and what is left of Then
	Named   []ID         `json:"named"`   // every load that its operator has been told of
}

// ReloadLine is one load of a backhaul.
type ReloadLine struct {
	Load   ID      `json:"load"`
	Stated int64   `json:"stated"` // version at which its terms were stated
	Price  Fen     `json:"price"`
	Pickup Instant `json:"pickup"` // when service begins
	Drop   Instant `json:"drop"`
}

// Homeward is a trip with the loads that its operator was last told it could carry home,
// in their order. They are whole: whoever shows them masks them.
type Homeward struct {
	Trip  Trip
	Loads []Load
}

// ProposeReload puts a backhaul before the writer: tell the operator of the trip what
// its truck could carry home. The loads are judged in this order, each with the ones
// before it aboard.
type ProposeReload struct {
	Trip    ID
	Version int64 // that the plan read
	Lines   []Line
}

func (a ProposeReload) act() Naming { return Naming{"propose_reload", a.Trip, a.Version} }

// EventTripReload tells an operator what his truck could carry home.
const EventTripReload EventType = "pinhuo.trip.reload"

// Home is where the vehicle of the trip belongs, nil where nobody has said.
func (t *TripTerms) Home() *Place {
	if t.Chain == nil {
		return nil
	}
	return t.Chain.Home
}

// After is the trip at whose end this one begins, "" for none.
func (t *TripTerms) After() ID {
	if t.Chain == nil {
		return ""
	}
	return t.Chain.After
}

// Tied returns a copy of what is noted of the trips before and after this one.
func (t *Trip) Tied() Tie {
	if t.Tie == nil {
		return Tie{}
	}
	return *t.Tie
}

// Done is when the last call of the plan is over.
func (t *Trip) Done() Instant { return t.Plan[len(t.Plan)-1].Leave }

// Fresh is when the drivers could set out anew after the trip: when it is done and, where
// rules say how they rest, they have had the longest rest that these know.
func (t *Trip) Fresh() Instant { return t.Done().After(max(t.Duty.RestS, t.Duty.ResetS)) }

// riskRow is how likely a trip is to end otherwise than planned.
type riskRow struct {
	State   TripState `json:"state"`
	Permil  int64     `json:"permille"`
	Because string    `json:"because"`
}

var riskOf = func() map[TripState]int64 {
	var table struct {
		Version string    `json:"version"`
		Rows    []riskRow `json:"rows"`
	}
	if err := json.Unmarshal(riskTable, &table); err != nil {
		panic(fmt.Sprintf("freight: built-in table of risks: %v", err))
	}
	risks := map[TripState]int64{}
	for _, row := range table.Rows {
		risks[row.State] = row.Permil
	}
	return risks
}()

// FailRisk is that of the trip by the table risks.json: per mille, that whoever sets out
// at its end does not find the truck there in time. 0 once it has ended well.
func (t *Trip) FailRisk() int64 { return riskOf[t.State] }

// Worth is what a value in fen is worth on this trip: less the risk that the one which it
// follows, and which has not ended yet, fails.
func (t *Trip) Worth(value int64) int64 {
	if t.Tie == nil {
		return value
	}
	return LessRisk(value, t.Tie.Risk)
}

// LessRisk is what a value in fen is worth that comes true unless a trip fails.
func LessRisk(value, permille int64) int64 {
	if value <= 0 {
		return value
	}
	return value * (1000 - permille) / 1000
}
