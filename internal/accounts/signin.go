package accounts

import (
	"context"
	"net/http"
	"strings"

	"pinhuo/freight"
)

// Authenticate returns who sent the request, by its Authorization: Bearer
// header or else its session cookie; Unauthorized otherwise.
func (a *Accounts) Authenticate(ctx context.Context, r *http.Request) (freight.Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return freight.Principal{}, signInFirst()
		}
		return a.known(ctx, freight.SecretToken, strings.TrimSpace(secret), a.byToken)
	}
	cookie, err := r.Cookie(CookieName)
	if err != nil {
		return freight.Principal{}, signInFirst()
	}
	return a.known(ctx, freight.SecretSession, cookie.Value, a.bySession)
}

// known asks the cache, then the database.
func (a *Accounts) known(ctx context.Context, prefix, secret string, ask func(context.Context, freight.Hash) (remembered, error)) (freight.Principal, error) {
	hash, ok := hashOf(prefix, secret)
	if !ok {
		return freight.Principal{}, signInFirst()
	}
	if who, ok := a.cache.get(hash, a.now()); ok {
		return who, nil
	}
	mark := a.cache.asking()
	found, err := ask(ctx, hash)
	switch {
	case freight.CodeOf(err) == freight.NotFound:
		return freight.Principal{}, signInFirst()
	case err != nil:
		return freight.Principal{}, err
	}
	a.cache.put(mark, hash, found)
	return found.who, nil
}

func (a *Accounts) byToken(ctx context.Context, hash freight.Hash) (remembered, error) {
	grant, err := a.cfg.Store.Token(ctx, hash)
	if err != nil {
		return remembered{}, err
	}
	now := a.now()
	if !same(grant.Token.Hash, hash) || !grant.Token.Live(now) {
		return remembered{}, signInFirst()
	}
	return remembered{asked: now, who: freight.Principal{
		User: grant.Token.ID, Name: grant.Token.Name, Org: grant.Org.ID, OrgKind: grant.Org.Kind, OrgName: grant.Org.Name,
		Role: freight.RoleAPI, Market: grant.Org.Market, Credential: grant.Token.ID,
		Until: grant.Token.Expires,
	}}, nil
}

// touches is how many times at most a session's end moves on within the span in
// which it would end unused: a write costs the disk a sync, and the end need
// not be exact.
const touches = 100

// bySession reads a session and moves its end on, as far as its life goes. A
// database that cannot write lets people in all the same.
func (a *Accounts) bySession(ctx context.Context, hash freight.Hash) (remembered, error) {
	grant, err := a.cfg.Store.Session(ctx, hash)
	if err != nil {
		return remembered{}, err
	}
	now, session := a.now(), grant.Session
	if !same(session.Hash, hash) || !session.Live(now) || grant.Member.Ended != 0 {
		return remembered{}, signInFirst()
	}
	if now-session.Seen >= freight.Instant((a.cfg.SessionIdle / touches).Milliseconds()) {
		expires := min(a.after(a.cfg.SessionIdle), session.Until)
		if err := a.cfg.Store.TouchSession(ctx, session.ID, now, expires); err != nil {
			a.cfg.Log.Warn("session not renewed", "session", session.ID, "error", err)
		} else {
			grant.Session.Expires = expires
		}
	}
	return remembered{asked: now, who: principal(grant)}, nil
}

func principal(g freight.SessionGrant) freight.Principal {
	return freight.Principal{
		User: g.User.ID, Name: g.User.Name, Org: g.Org.ID, OrgKind: g.Org.Kind, OrgName: g.Org.Name, Role: g.Member.Role,
		Market: g.Org.Market, Credential: g.Session.ID, Cookie: true, Until: min(g.Session.Expires, g.Session.Until),
	}
}

// SignIn uses a one-time link and opens a session: the secret of its cookie,
// whom it speaks for, and the instant after which it is no use even if used
// daily. A link that is unknown, used or expired, or whose membership has
// ended, is Unauthorized: they look alike to whoever tries one.
func (a *Accounts) SignIn(ctx context.Context, link string) (secret string, p freight.Principal, until freight.Instant, err error) {
	hash, ok := hashOf(freight.SecretLink, link)
	if !ok {
		return "", p, 0, signInFirst()
	}
	secret, sessionHash, err := a.newSecret(freight.SecretSession)
	if err != nil {
		return "", p, 0, err
	}
	now := a.now()
	session := freight.Session{ID: a.cfg.Mint.Mint(freight.PrefixSession, now), Hash: sessionHash, Made: now, Seen: now,
		Expires: a.after(min(a.cfg.SessionIdle, a.cfg.SessionLife)), Until: a.after(a.cfg.SessionLife)}
	grant, err := a.cfg.Store.Redeem(ctx, hash, now, session)
	switch {
	case freight.CodeOf(err) == freight.NotFound:
		return "", p, 0, signInFirst()
	case err != nil:
		return "", p, 0, err
	}
	a.cfg.Log.Info("signed in", "user", grant.User.ID, "org", grant.Org.ID, "session", grant.Session.ID)
	return secret, principal(grant), grant.Session.Until, nil
}

// SignOut revokes the credential of the principal if it is a session.
func (a *Accounts) SignOut(ctx context.Context, p freight.Principal) error {
	if !p.Cookie {
		return nil
	}
	return a.Revoke(ctx, p.Credential)
}

// Revoke revokes a session or a token. It opens nothing from now on in this
// process, and its open sockets are closed.
func (a *Accounts) Revoke(ctx context.Context, credential freight.ID) error {
	revoke := a.cfg.Store.RevokeSession
	if strings.HasPrefix(string(credential), freight.PrefixToken+"_") {
		revoke = a.cfg.Store.RevokeToken
	}
	if err := revoke(ctx, credential, a.now()); err != nil {
		return err
	}
	a.cfg.Log.Info("credential revoked", "credential", credential)
	a.gone(credential)
	return nil
}

func (a *Accounts) gone(credential freight.ID) {
	a.cache.forget(credential)
	a.cfg.Revoked(credential)
}

// checkAtOnce is how many credentials the store takes in one question.
const checkAtOnce = 500

// Check returns those of the credentials that still open something, each with
// the instant it ends, 0 for never.
func (a *Accounts) Check(ctx context.Context, credentials []freight.ID) (map[freight.ID]freight.Instant, error) {
	live := make(map[freight.ID]freight.Instant, len(credentials))
	for len(credentials) > 0 {
		n := min(len(credentials), checkAtOnce)
		part, err := a.cfg.Store.LiveCredentials(ctx, credentials[:n], a.now())
		if err != nil {
			return nil, err
		}
		for _, id := range credentials[:n] {
			if ends, ok := part[id]; ok {
				live[id] = ends
			} else {
				a.cache.forget(id) // revoked by another process
			}
		}
		credentials = credentials[n:]
	}
	return live, nil
}
