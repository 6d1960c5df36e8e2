// Package accounts says who is asking: one-time sign-in links, sessions, API
// tokens, and the organizations and memberships behind them. Secrets are shown
// once and kept only as SHA-256; a credential that is revoked opens nothing
// from that moment in this process and after at most 30 seconds in others.
package accounts
