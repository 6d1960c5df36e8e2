// Package shares divides what a truck costs among those who ride on it, in whole
// fen: nobody above his ceiling, the sum what the carrier gets, and no share ever
// raised by somebody who joins. It is pure.
//
// A set that sets out together is divided by Found: everybody pays the cost that he
// alone causes, and of the rest, the cost that they have in common, the same part
// of what lies between that and his ceiling. Later Join and Leave change one split
// into the next. Equal input gives equal output: what rounding leaves goes by the
// largest remainder, ties by id.
package shares
