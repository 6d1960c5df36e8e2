// Package remedy finds the smallest single change of its terms with which a
// load that no trip takes would be taken: a window that opens earlier or closes
// later, a higher price, a tail-lift less, two parts in the place of one, a place
// nearer to a truck's way.
//
// The changes compare by what they cost the shipper, by a fixed table
// (freight.RemedyTable). The book is taken as it is and nobody in it is moved: a
// change counts where matcher.Fit.Fits takes the changed load, and only there.
//
// Every kind but the places is monotone: what fits with a smaller change fits
// with a greater one. So a kind whose greatest change fails on every trip helps
// with none, and the smallest that helps is found by halving. A place is moved
// straight towards the way of a trip, which is looked at in marks and halved
// between two of them.
package remedy
