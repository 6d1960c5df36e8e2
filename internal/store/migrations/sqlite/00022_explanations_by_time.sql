-- +goose Up

-- What a day's brief asks for: the loads that were told that nothing would help.
CREATE INDEX explanations_by_time ON explanations (market_id, at);
