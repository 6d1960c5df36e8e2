#!/bin/sh
# rules.sh: lets Prometheus' own promtool check the rules of deploy/ and see each alert fire and
# clear. It takes promtool from the PATH, or on Debian out of the package prometheus, which is
# unpacked below bin/ and not installed: no server is started.
set -eu
cd "$(dirname "$0")/.."

tool=$(command -v promtool || true)
if [ -z "$tool" ]; then
	tool=bin/prometheus/usr/bin/promtool
	if [ ! -x "$tool" ]; then
		command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
			{ echo 'promtool is missing: install Prometheus' >&2; exit 1; }
		echo 'fetching promtool out of the package prometheus into bin/'
		mkdir -p bin/prometheus
		(cd bin/prometheus && apt-get download -q prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb) ||
			{ echo 'promtool could not be fetched: run apt-get update, or install Prometheus' >&2; exit 1; }
	fi
fi
"$tool" check rules deploy/rules.yml
"$tool" test rules deploy/rules_test.yml
