-- +goose Up

-- No rule asks nobody else while two sides bargain: the first yes takes the load.
ALTER TABLE offers DROP COLUMN exclusive;
