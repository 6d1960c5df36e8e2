#!/bin/sh
# openapi-current.sh: fails when docs/openapi.json is not what the server serves.
# With --write it brings the file up to date instead.
set -eu

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
go run ./cmd/pinhuo openapi >"$fresh"
if [ "${1:-}" = --write ]; then
	cp "$fresh" docs/openapi.json
	exit 0
fi
if ! diff -u docs/openapi.json "$fresh"; then
	echo 'docs/openapi.json is stale: run make openapi and commit it' >&2
	exit 1
fi
