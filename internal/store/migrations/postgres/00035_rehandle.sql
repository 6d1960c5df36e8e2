-- +goose Up

-- What an operator asks for a minute of moving goods out of the way and back, in fen; 0: not done.
ALTER TABLE vehicles ADD COLUMN rehandle BIGINT NOT NULL DEFAULT 0;
