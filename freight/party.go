package freight

// OrgKind is what an organization does in a market.
type OrgKind string

// The kinds of organizations.
const (
	OrgEnterprise OrgKind = "enterprise"
	OrgCarrier    OrgKind = "carrier"
	OrgDesk       OrgKind = "desk"
)

// Role is what a member may do in an organization.
type Role string

// The roles.
const (
	RoleOwner   Role = "owner"
	RoleClerk   Role = "clerk"
	RoleDriver  Role = "driver"
	RoleOfficer Role = "officer"
	RoleAuditor Role = "auditor"
	RoleOps     Role = "ops"
	RoleAPI     Role = "api"
)

// Org is a tenant.
type Org struct {
	ID     ID      `json:"id"`
	Market ID      `json:"market"`
	Kind   OrgKind `json:"kind"`
	Name   string  `json:"name"`
	Vetted bool    `json:"vetted"`
	Made   Instant `json:"made"`
	Record Record  `json:"record,omitzero"` // where the reader asked for it
}

// User is a person or a program that signs in.
type User struct {
	ID   ID      `json:"id"`
	Name string  `json:"name"`
	Made Instant `json:"made"`
}

// Principal is who is asking: one user in one role of one organization,
// through one session or token.
type Principal struct {
	User       ID      `json:"user"`
	Name       string  `json:"name"`
	Org        ID      `json:"org"`
	OrgKind    OrgKind `json:"org_kind"`
	OrgName    string  `json:"org_name"`
	Role       Role    `json:"role"`
	Market     ID      `json:"market"`
	Credential ID      `json:"credential"` // session or token, for revocation
	Cookie     bool    `json:"cookie"`     // signed in by cookie: writes need the CSRF header
	Until      Instant `json:"until"`      // when the credential ends unless it is renewed, 0 for never
}

// MayPost tells whether the principal may post and change loads of its
// organization.
func (p Principal) MayPost() bool {
	return p.OrgKind == OrgEnterprise && p.writes() || p.Officer()
}

// MayHaul tells whether the principal may announce trips and answer offers.
func (p Principal) MayHaul() bool {
	return p.OrgKind == OrgCarrier && (p.writes() || p.Role == RoleDriver) || p.Officer()
}

// Officer tells whether the principal may act for the firms of its market.
func (p Principal) Officer() bool {
	return p.OrgKind == OrgDesk && (p.Role == RoleOfficer || p.Role == RoleOwner)
}

func (p Principal) writes() bool {
	return p.Role == RoleOwner || p.Role == RoleClerk || p.Role == RoleAPI
}
