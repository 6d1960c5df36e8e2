#!/bin/sh
# page-current.sh: fails when web/dist, which is committed so that Go alone can build,
# is not what the sources give. Skipped, by name, without Node 20 or newer.
set -eu

if ! node=$(node --version 2>/dev/null) || ! npm --version >/dev/null 2>&1; then
	echo 'SKIPPED the currency of web/dist: no Node here'
	exit 0
fi
major=${node#v}
if [ "${major%%.*}" -lt 20 ]; then
	echo "SKIPPED the currency of web/dist: Node $node is older than 20"
	exit 0
fi
(cd web && npm ci --no-audit --no-fund && npm run build)
if [ -n "$(git status --porcelain -- web/dist)" ]; then
	git --no-pager diff --stat -- web/dist
	git status --short -- web/dist
	echo 'web/dist is stale: run make web and commit it' >&2
	exit 1
fi
