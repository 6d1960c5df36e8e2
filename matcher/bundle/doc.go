// Package bundle builds sets of loads for one trip: which of the loads at hand ride
// together at the least cost for what they save.
//
// A beam grows sets load by load (Searcher), each load at its cheapest place in what is
// there. Where it has no place, and for the most promising sets, the order of all calls
// is sought anew: up to Exact loads the cheapest there is. What trips and loads are a
// Market tells: matcher/batch has one of places and times in tables, Fleet is the one of
// real trips, by matcher.Fit.
//
// # Which sets count
//
// A set on a real trip is booked load by load, so it must be possible load by load: the
// loads have an order in which each, put in on the plan that the ones before it leave,
// keeps every rule and pays no more than its ceiling for what it causes. That is also
// what lets its cost be split (matcher/shares): a joiner pays at least what he causes and
// at most his ceiling, and nobody's share is raised by him.
//
// # The best order
//
// Any plan that keeps the rules keeps them with loads left out, so it comes about by
// putting the loads in one after the other in any order, each at its place in it. The
// search therefore puts in one load after the other at every place that fits
// (matcher.Fit.Spots), cheapest first: next the load that has fewest places left. It
// turns back where a load has no place any more, or where what the plan costs with any
// one more load is no less than the best found. Each plan is met once, none is missed
// that could be cheaper, and every one is judged by Fits itself: windows, gates, bans,
// room by leg, unloading order, company and the drivers' hours. A load whose place is not
// its cheapest at that moment says so in the ride, and the writer is told the place.
//
// On roads that break the triangle rule a plan may cost less with a load more, and the
// bound may then turn back too early: what is found still fits.
package bundle
