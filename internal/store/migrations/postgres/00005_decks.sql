-- +goose Up

-- Where a vehicle opens, what a metre of its deck bears, and what it can be kept at.
ALTER TABLE vehicles ADD COLUMN doors TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE vehicles ADD COLUMN door_w BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN door_h BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN deck_g BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN cools_low BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN cools_high BIGINT NOT NULL DEFAULT 0;
