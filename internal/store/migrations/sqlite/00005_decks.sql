-- +goose Up

-- Where a vehicle opens, what a metre of its deck bears, and what it can be kept at.
ALTER TABLE vehicles ADD COLUMN doors TEXT NOT NULL DEFAULT '';
ALTER TABLE vehicles ADD COLUMN door_w INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN door_h INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN deck_g INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN cools_low INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vehicles ADD COLUMN cools_high INTEGER NOT NULL DEFAULT 0;
