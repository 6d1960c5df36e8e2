// Package api is the HTTP door of an exchange: it authenticates, limits and
// reads requests, hands commands to the exchange, and shows rows to those who
// may see them. What it needs from the rest of the server it declares as ports.
//
// Everything a client reads leaves through view.go, and every refusal through
// errors.go, so that rights and texts each have one place.
package api
