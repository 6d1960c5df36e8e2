package freight

import "encoding/base32"

// ID names one entity: a short prefix for its kind and 26 characters that
// sort by time of creation, for example "ld_01J9Z3...". Ids need no
// coordination between writers.
type ID string

// Prefixes of ids, one per kind of entity.
const (
	PrefixMarket  = "mk"
	PrefixOrg     = "og"
	PrefixUser    = "us"
	PrefixToken   = "tk"
	PrefixSession = "ss"
	PrefixVehicle = "vh"
	PrefixLoad    = "ld"
	PrefixTrip    = "tr"
	PrefixOffer   = "of"
	PrefixBooking = "bk"
	PrefixBundle  = "bn"
	PrefixEvent   = "ev"
	PrefixSite    = "st"
)

var idText = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewID builds the id of an entity made at the given instant: 48 bits of
// milliseconds and 80 bits of randomness, which the caller draws.
func NewID(prefix string, at Instant, random [10]byte) ID {
	var raw [16]byte
	ms := uint64(at)
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	copy(raw[6:], random[:])
	return ID(prefix + "_" + idText.EncodeToString(raw[:]))
}

// Minter makes ids. It is a port: the server draws randomness from the
// operating system, a replay from its seed.
type Minter interface {
	// Mint returns a new id with the prefix, ordered by the instant.
	Mint(prefix string, at Instant) ID
}
