package accounts_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"pinhuo/freight"
)

type pair struct{ user, org freight.ID }

// memory is the port in memory: what Store promises, and no more.
type memory struct {
	mu       sync.Mutex
	markets  []freight.Market
	orgs     map[freight.ID]freight.Org
	users    map[freight.ID]freight.User
	members  map[pair]freight.Membership
	links    map[freight.Hash]freight.Link
	sessions map[freight.ID]freight.Session
	tokens   map[freight.ID]freight.Token
}

func newMemory() *memory {
	return &memory{orgs: map[freight.ID]freight.Org{}, users: map[freight.ID]freight.User{}, members: map[pair]freight.Membership{},
		links: map[freight.Hash]freight.Link{}, sessions: map[freight.ID]freight.Session{}, tokens: map[freight.ID]freight.Token{}}
}

// locked runs f alone.
func (m *memory) locked(f func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return f()
}

func found[K comparable, V any](rows map[K]V, key K, field string, id freight.ID) (V, error) {
	v, ok := rows[key]
	if !ok {
		return v, freight.Missing(field, id)
	}
	return v, nil
}

func (m *memory) CreateMarket(_ context.Context, market freight.Market) error {
	return m.locked(func() error { m.markets = append(m.markets, market); return nil })
}

func (m *memory) Markets(context.Context) (list []freight.Market, err error) {
	return list, m.locked(func() error { list = slices.Clone(m.markets); return nil })
}

func (m *memory) CreateOrg(_ context.Context, o freight.Org) error {
	return m.locked(func() error {
		if !slices.ContainsFunc(m.markets, func(known freight.Market) bool { return known.ID == o.Market }) {
			return freight.Missing("market", o.Market)
		}
		m.orgs[o.ID] = o
		return nil
	})
}

func (m *memory) Org(_ context.Context, id freight.ID) (o freight.Org, err error) {
	return o, m.locked(func() error { o, err = found(m.orgs, id, "org", id); return err })
}

func (m *memory) Orgs(_ context.Context, market freight.ID) (list []freight.Org, err error) {
	return list, m.locked(func() error {
		for _, id := range slices.Sorted(maps.Keys(m.orgs)) {
			if m.orgs[id].Market == market {
				list = append(list, m.orgs[id])
			}
		}
		return nil
	})
}

func (m *memory) CreateUser(_ context.Context, u freight.User) error {
	return m.locked(func() error { m.users[u.ID] = u; return nil })
}

func (m *memory) User(_ context.Context, id freight.ID) (u freight.User, err error) {
	return u, m.locked(func() error { u, err = found(m.users, id, "user", id); return err })
}

func (m *memory) Enrol(ctx context.Context, o *freight.Org, u freight.User, ms freight.Membership) error {
	if o != nil {
		if err := m.CreateOrg(ctx, *o); err != nil {
			return err
		}
	}
	if err := m.CreateUser(ctx, u); err != nil {
		return err
	}
	return m.SetMembership(ctx, ms)
}

func (m *memory) SetMembership(_ context.Context, ms freight.Membership) error {
	return m.locked(func() error {
		if _, err := found(m.users, ms.User, "user", ms.User); err != nil {
			return err
		}
		m.members[pair{ms.User, ms.Org}] = ms
		return nil
	})
}

func (m *memory) Membership(_ context.Context, user, org freight.ID) (ms freight.Membership, err error) {
	return ms, m.locked(func() error { ms, err = found(m.members, pair{user, org}, "membership", user); return err })
}

func (m *memory) Memberships(_ context.Context, org freight.ID) (list []freight.Membership, err error) {
	return list, m.locked(func() error {
		for _, ms := range m.members {
			if ms.Org == org && ms.Ended == 0 {
				list = append(list, ms)
			}
		}
		slices.SortFunc(list, func(a, b freight.Membership) int {
			return cmp.Or(cmp.Compare(a.Made, b.Made), cmp.Compare(a.User, b.User))
		})
		return nil
	})
}

func (m *memory) EndMembership(_ context.Context, user, org freight.ID, at freight.Instant) (ended []freight.ID, err error) {
	return ended, m.locked(func() error {
		ms, ok := m.members[pair{user, org}]
		if !ok || ms.Ended != 0 {
			return freight.Missing("membership", user)
		}
		ms.Ended = at
		m.members[pair{user, org}] = ms
		for _, id := range m.sessionsOf(user, org) {
			s := m.sessions[id]
			s.Revoked = at
			m.sessions[id] = s
			ended = append(ended, id)
		}
		return nil
	})
}

func (m *memory) sessionsOf(user, org freight.ID) (ids []freight.ID) {
	for _, id := range slices.Sorted(maps.Keys(m.sessions)) {
		if s := m.sessions[id]; s.User == user && s.Org == org && s.Revoked == 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *memory) CreateLink(_ context.Context, l freight.Link) error {
	return m.locked(func() error {
		if ms, ok := m.members[pair{l.User, l.Org}]; !ok || ms.Ended != 0 {
			return freight.Missing("membership", l.User)
		}
		m.links[l.Hash] = l
		return nil
	})
}

func (m *memory) Redeem(_ context.Context, link freight.Hash, at freight.Instant, s freight.Session) (grant freight.SessionGrant, err error) {
	return grant, m.locked(func() error {
		l, ok := m.links[link]
		if !ok || l.Used != 0 || at >= l.Expires || m.members[pair{l.User, l.Org}].Ended != 0 {
			return freight.Missing("link", "")
		}
		l.Used = at
		m.links[link] = l
		s.User, s.Org = l.User, l.Org
		m.sessions[s.ID] = s
		grant = m.grant(s)
		return nil
	})
}

func (m *memory) grant(s freight.Session) freight.SessionGrant {
	return freight.SessionGrant{Session: s, User: m.users[s.User], Org: m.orgs[s.Org], Member: m.members[pair{s.User, s.Org}]}
}

func (m *memory) Session(_ context.Context, hash freight.Hash) (grant freight.SessionGrant, err error) {
	return grant, m.locked(func() error {
		for _, s := range m.sessions {
			if s.Hash == hash {
				grant = m.grant(s)
				return nil
			}
		}
		return freight.Missing("session", "")
	})
}

func (m *memory) TouchSession(_ context.Context, id freight.ID, seen, expires freight.Instant) error {
	return m.locked(func() error {
		if s := m.sessions[id]; s.Revoked == 0 {
			s.Seen, s.Expires = seen, expires
			m.sessions[id] = s
		}
		return nil
	})
}

func (m *memory) SessionsOf(_ context.Context, user, org freight.ID) (ids []freight.ID, err error) {
	return ids, m.locked(func() error { ids = m.sessionsOf(user, org); return nil })
}

func (m *memory) RevokeSession(_ context.Context, id freight.ID, at freight.Instant) error {
	return m.locked(func() error {
		s, err := found(m.sessions, id, "session", id)
		if err == nil && s.Revoked == 0 {
			s.Revoked = at
			m.sessions[id] = s
		}
		return err
	})
}

func (m *memory) CreateToken(_ context.Context, t freight.Token) error {
	return m.locked(func() error {
		if _, err := found(m.orgs, t.Org, "org", t.Org); err != nil {
			return err
		}
		m.tokens[t.ID] = t
		return nil
	})
}

func (m *memory) Token(_ context.Context, hash freight.Hash) (grant freight.TokenGrant, err error) {
	return grant, m.locked(func() error {
		for _, t := range m.tokens {
			if t.Hash == hash {
				grant = freight.TokenGrant{Token: t, Org: m.orgs[t.Org]}
				return nil
			}
		}
		return freight.Missing("token", "")
	})
}

func (m *memory) Tokens(_ context.Context, org freight.ID) (list []freight.Token, err error) {
	return list, m.locked(func() error {
		for _, id := range slices.Sorted(maps.Keys(m.tokens)) {
			if m.tokens[id].Org == org {
				list = append(list, m.tokens[id])
			}
		}
		return nil
	})
}

func (m *memory) RevokeToken(_ context.Context, id freight.ID, at freight.Instant) error {
	return m.locked(func() error {
		t, err := found(m.tokens, id, "token", id)
		if err == nil && t.Revoked == 0 {
			t.Revoked = at
			m.tokens[id] = t
		}
		return err
	})
}

func (m *memory) LiveCredentials(_ context.Context, ids []freight.ID, at freight.Instant) (map[freight.ID]freight.Instant, error) {
	live := map[freight.ID]freight.Instant{}
	return live, m.locked(func() error {
		for _, id := range ids {
			if s, ok := m.sessions[id]; ok && s.Live(at) && m.members[pair{s.User, s.Org}].Ended == 0 {
				live[id] = min(s.Expires, s.Until)
			}
			if t, ok := m.tokens[id]; ok && t.Live(at) {
				live[id] = t.Expires
			}
		}
		return nil
	})
}

func (m *memory) Sweep(_ context.Context, before freight.Instant) error {
	return m.locked(func() error {
		maps.DeleteFunc(m.links, func(_ freight.Hash, l freight.Link) bool { return l.Expires < before || l.Used > 0 && l.Used < before })
		maps.DeleteFunc(m.sessions, func(_ freight.ID, s freight.Session) bool {
			return s.Expires < before || s.Until < before || s.Revoked > 0 && s.Revoked < before
		})
		maps.DeleteFunc(m.tokens, func(_ freight.ID, t freight.Token) bool {
			return t.Expires > 0 && t.Expires < before || t.Revoked > 0 && t.Revoked < before
		})
		return nil
	})
}
