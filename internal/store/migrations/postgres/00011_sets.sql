-- +goose Up

-- The offer on the same trip that an offer stands upon.
ALTER TABLE offers ADD COLUMN after_id TEXT COLLATE "C" NOT NULL DEFAULT '';
