-- +goose Up

-- Pictures of the goods of bookings; their contents lie in the folder of blobs.
CREATE TABLE proofs (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    booking_id   TEXT COLLATE "C" NOT NULL,
    blob         TEXT COLLATE "C" NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX proofs_market ON proofs (market_id, id);
CREATE INDEX proofs_booking ON proofs (booking_id, id);
-- Whether a blob has a row is asked before it is swept.
CREATE INDEX proofs_blob ON proofs (blob);
