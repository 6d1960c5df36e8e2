package freight

// What a stop has beyond its point and window.
const (
	stopServes = 1 << iota
	stopNamed  // town, address, contact
	stopGated  // gate, bans
)

// stop writes a stop whose clocks are counted from an instant, and returns that from
// which those of the next one are.
func (p *printer) stop(s *Stop, at Instant) Instant {
	has := uint64(0)
	if s.ServiceS != 0 {
		has |= stopServes
	}
	if s.Place.Town != "" || s.Place.Address != "" || s.Contact != (Contact{}) {
		has |= stopNamed
	}
	if s.Gate != "" || s.Bans != "" {
		has |= stopGated
	}
	p.number(has)
	p.point(s.Place.Point)
	p.window(s.Window, at)
	if has&stopServes != 0 {
		p.signed(s.ServiceS)
	}
	if has&stopNamed != 0 {
		p.word(s.Place.Town)
		p.word(s.Place.Address)
		p.word(s.Contact.Name)
		p.word(s.Contact.Phone)
	}
	if has&stopGated != 0 {
		p.word(string(s.Gate))
		p.word(string(s.Bans))
	}
	return s.Window.Open
}

func (s *scanner) stop(to *Stop, at Instant) Instant {
	has := s.number()
	*to = Stop{}
	to.Place.Point, to.Window = s.point(), s.window(at)
	if has&stopServes != 0 {
		to.ServiceS = s.signed()
	}
	if has&stopNamed != 0 {
		to.Place.Town, to.Place.Address = s.word(), s.word()
		to.Contact.Name, to.Contact.Phone = s.word(), s.word()
	}
	if has&stopGated != 0 {
		to.Gate, to.Bans = Gate(s.word()), Bans(s.word())
	}
	return to.Window.Open
}

func (p *printer) window(w Window, at Instant) {
	p.round(int64(w.Open - at))
	p.round(int64(w.Close - w.Open))
}

func (s *scanner) window(at Instant) Window {
	open := at + Instant(s.round())
	return Window{Open: open, Close: open + Instant(s.round())}
}

// What is said of a call.
const (
	callStop  = 1 << iota // it is the stop of the trip's own that it names
	callPlain             // it has no gate and no bans; where it is not a stop
	callTimed             // its clocks do not follow from those before
	callTakes
	callCares
	callTired // has rested, or drives by rules
	callLoads
	callAgain // its load is that of an earlier call
	callDone
	callMoves // what stands in the way is moved
)

// call writes a call of a trip's plan.
func (p *printer) call(t *Trip, i int) {
	c := &t.Plan[i]
	earlier := -1
	for k := range i {
		if t.Plan[k].Load == c.Load {
			earlier = k
			break
		}
	}
	has := c.says(t, i, earlier >= 0)
	p.number(has)
	p.kind(c.Kind)
	p.signed(int64(c.Own))
	p.signed(c.LegM)
	p.signed(c.LegS)
	if has&callTired != 0 {
		p.signed(c.RestS)
		p.signed(c.Drove.SinceS)
		p.signed(c.Drove.DayS)
	}
	if has&callAgain != 0 {
		p.number(uint64(earlier))
	} else if has&callLoads != 0 {
		p.word(string(c.Load))
	}
	if has&callMoves != 0 {
		p.signed(c.RehandleS)
	}
	p.where(t, i, has)
	if has&callTimed != 0 {
		arrive, _, _ := c.follows(t, i)
		p.round(int64(c.Arrive - arrive))
		p.round(int64(c.Start - c.Arrive))
		p.round(int64(c.Leave - c.Start))
	}
	if has&callTakes != 0 {
		p.room(&c.Take)
	}
	if has&callCares != 0 {
		p.cargo(&c.Cargo)
	}
}

// where writes where the call is, and when somebody is there for it.
func (p *printer) where(t *Trip, i int, has uint64) {
	c := &t.Plan[i]
	if has&callStop != 0 {
		return
	}
	p.point(c.Point)
	p.window(c.Window, t.before(i))
	p.signed(c.ServiceS)
	if has&callPlain == 0 {
		p.word(string(c.Gate))
		p.word(string(c.Bans))
	}
}

// says is what has to be said of the i-th call, given whether an earlier one has its
// load.
func (c *Call) says(t *Trip, i int, again bool) (has uint64) {
	say := func(what uint64, yes bool) {
		if yes {
			has |= what
		}
	}
	if k := c.Own; k >= 0 && k < len(t.Stops) {
		s := &t.Stops[k]
		say(callStop, c.Point == s.Place.Point && c.Window == s.Window && c.ServiceS == s.ServiceS && c.Gate == s.Gate && c.Bans == s.Bans)
	}
	arrive, start, leave := c.follows(t, i)
	say(callPlain, c.Gate == "" && c.Bans == "")
	say(callTimed, c.Arrive != arrive || c.Start != start || c.Leave != leave)
	say(callTakes, c.Take != Room{})
	say(callCares, c.Cargo != Cargo{})
	say(callTired, c.RestS != 0 || c.Drove != Drove{})
	say(callLoads, c.Load != "")
	say(callAgain, c.Load != "" && again)
	say(callDone, c.Done)
	say(callMoves, c.RehandleS != 0)
	return has
}

// before is when the call before the i-th is left.
func (t *Trip) before(i int) Instant {
	if i == 0 {
		return t.Made
	}
	return t.Plan[i-1].Leave
}

// follows is when a call would be, were it driven to at once and open when it says.
func (c *Call) follows(t *Trip, i int) (arrive, start, leave Instant) {
	if i == 0 {
		arrive = c.Window.Open
	} else {
		arrive = t.before(i) + Second*Instant(c.LegS+c.RestS)
	}
	start = max(arrive, c.Window.Open)
	return arrive, start, start + Second*Instant(c.ServiceS)
}

func (s *scanner) call(t *Trip, i int) {
	has := s.number()
	c := &t.Plan[i]
	*c = Call{}
	c.Kind, c.Own, c.Done = s.kind(), int(s.signed()), has&callDone != 0
	c.LegM, c.LegS = s.signed(), s.signed()
	if has&callTired != 0 {
		c.RestS, c.Drove.SinceS, c.Drove.DayS = s.signed(), s.signed(), s.signed()
	}
	if has&callAgain != 0 {
		c.Load = t.Plan[s.number()].Load
	} else if has&callLoads != 0 {
		c.Load = ID(s.word())
	}
	if has&callMoves != 0 {
		c.RehandleS = s.signed()
	}
	s.where(t, i, has)
	c.Arrive, c.Start, c.Leave = c.follows(t, i)
	if has&callTimed != 0 {
		c.Arrive += Instant(s.round())
		c.Start = c.Arrive + Instant(s.round())
		c.Leave = c.Start + Instant(s.round())
	}
	if has&callTakes != 0 {
		c.Take = s.room()
	}
	if has&callCares != 0 {
		c.Cargo = s.cargo()
	}
}

func (s *scanner) where(t *Trip, i int, has uint64) {
	c := &t.Plan[i]
	if has&callStop != 0 {
		stop := &t.Stops[c.Own]
		c.Point, c.Window, c.ServiceS, c.Gate, c.Bans = stop.Place.Point, stop.Window, stop.ServiceS, stop.Gate, stop.Bans
		return
	}
	c.Point, c.Window = s.point(), s.window(t.before(i))
	c.ServiceS = s.signed()
	if has&callPlain == 0 {
		c.Gate, c.Bans = Gate(s.word()), Bans(s.word())
	}
}

func (p *printer) cargo(c *Cargo) {
	n := uint64(c.Danger) << 3
	if c.Food {
		n |= 1
	}
	if c.Rear {
		n |= 2
	}
	if c.RehandleS != 0 {
		n |= 4
	}
	p.number(n)
	p.signed(int64(c.Temp.Low))
	p.signed(int64(c.Temp.High))
	if c.RehandleS != 0 {
		p.signed(c.RehandleS)
	}
}

func (s *scanner) cargo() Cargo {
	n := s.number()
	c := Cargo{Danger: Danger(n >> 3), Food: n&1 != 0, Rear: n&2 != 0, Temp: Temp{Low: int16(s.signed()), High: int16(s.signed())}}
	if n&4 != 0 {
		c.RehandleS = s.signed()
	}
	return c
}
