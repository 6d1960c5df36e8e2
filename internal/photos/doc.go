// Package photos reads pictures that strangers send: what they are is told by their
// content and their size by their header, before anything is decoded. What is kept is a
// new JPEG of the same pixels, upright and with nothing else in it; the place and the time
// that a camera wrote into the old one are returned beside it.
package photos
