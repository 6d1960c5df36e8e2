-- +goose Up

-- Whether nobody else is asked while an offer is open, and which side took it from the
-- board, '' for none.
ALTER TABLE offers ADD COLUMN sole INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN taken TEXT NOT NULL DEFAULT '';
