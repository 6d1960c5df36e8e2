-- +goose Up

-- Who pays for a trip: those who left it owe fees.
CREATE INDEX bookings_of_trip ON bookings (trip_id);
