// Package hours finds when a truck can be where if its drivers rest as they must.
//
// A driver may be at the wheel for so long before he has an uninterrupted rest, and
// in all for so long before the long rest that begins his next day. Rests may be
// taken anywhere on the way, and at stops as far as the trip's freight.Duty counts
// the time there. A schedule says when service begins at each call of a plan; it is
// legal if rests can be placed so that no limit is passed.
//
// # Which schedules are looked at
//
// Between two calls only these rests are tried: on the way where a limit is
// reached, a rest or a reset; and one rest or reset at the end of the way, before
// the gate of the next call. Nothing is lost by that. Take any legal schedule and
// the first rest on a leg that lies before the point where the limit is reached.
// Move it towards that point or the end of the leg, whichever comes first: until
// then the driver is at the wheel no longer than he may, after it he has less behind him
// than before, and every call is served when it was. If the move meets the next
// rest, the shorter of the two is dropped, which makes nothing later. The rest
// before the gate covers the time that the truck would have waited there anyway:
// it is here that resting before one has to pays. So a rest at the end of a leg costs no more
// than what the waiting does not cover, and it need not be looked at where what is
// left of the plan can be driven without it. Where service counts as rest too, what
// a stop lacks is rested after the service, which begins no later for it: at the
// beginning of the next leg, joined to what the truck has stood.
//
// # Which are kept
//
// A way to a call is kept unless another is no worse in everything that matters for
// the rest of the plan: when the truck leaves, since when it has stood, and what its
// driver has behind him, counted from the point where it could matter (Front.add). What
// follows a worse way can follow the better one too, no later. So the least
// instant of each call, and whether all calls can be in time, are exact:
// TestFrontEqualsExhaustiveSearch holds them against all schedules in unit steps.
//
// # Monotone
//
// A legal schedule stays legal if a call is left out and the truck stands where it
// would have driven to it and served it, as long as the way becomes no longer.
// That is why rests may be taken before they are due: had they to wait until then, a
// rest that the truck once took before a gate could fall behind it when the drive gets
// shorter, and make the next call late.
//
// By the same argument it makes no difference to what can be in time whether
// waiting counts as rest: a driver for whom it does not rests before he comes to
// the gate. The plan then tells him to, and to arrive later.
//
// Two drivers relieve each other at the wheel. As a rest is at most half of what may be
// driven, they can take equal turns in which each rests long enough while the other
// drives: no rest is forced, and between two resets, when both sleep, the truck goes
// twice as far.
package hours
