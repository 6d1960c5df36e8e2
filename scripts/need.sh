#!/bin/sh
# need.sh PURPOSE: makes sure this machine has what PURPOSE needs besides git, make
# and Go, and says what it does. PURPOSE is one of
#   build   a C compiler and zlib, for SQLite, the H3 index and road extracts
#   test    that, PostgreSQL, and a browser that shows Chinese
# On Debian it installs what is missing with apt-get, as root or through sudo. Where it
# cannot, it names the packages and fails.
set -eu

missing=''

# want PACKAGE REASON notes a package that has to be installed.
want() {
	echo "missing: $1 ($2)"
	missing="$missing $1"
}

has() {
	command -v "$1" >/dev/null 2>&1
}

need_build() {
	if ! has go; then
		echo 'Go 1.21 or newer is not on the PATH (Debian 12 ships an older one): see https://go.dev/dl' >&2
		exit 1
	fi
	# Where Debian keeps the certificates; another system has its own place for them.
	if [ -e /etc/debian_version ] && [ ! -s "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" ]; then
		want ca-certificates 'Go fetches libraries over TLS'
	fi
	# A compiler without the C library's headers is of no use, so one is tried.
	if ! has "${CC:-gcc}"; then
		want gcc 'SQLite and H3 are C libraries'
		want libc6-dev 'the headers of the C library'
	elif ! echo '#include <stdlib.h>' | "${CC:-gcc}" -x c -fsyntax-only - 2>/dev/null; then
		want libc6-dev 'the headers of the C library'
	fi
	if ! has pkg-config; then
		want pkg-config 'tells the compiler where zlib is'
	fi
	if ! { has "${CC:-gcc}" && echo '#include <zlib.h>' | "${CC:-gcc}" -x c -fsyntax-only - 2>/dev/null; }; then
		want zlib1g-dev 'road extracts are unpacked with it'
	fi
}

has_postgres() {
	for server in /usr/lib/postgresql/*/bin/postgres; do
		[ -x "$server" ] && return 0
	done
	has postgres && has initdb
}

need_test() {
	need_build
	if ! has_postgres && [ -z "${PINHUO_TEST_DATABASE_URL:-}" ]; then
		want postgresql 'tests run on SQLite and on a private PostgreSQL server; that Debian also starts one of its own does not matter to them'
	fi
	if ! has chromium && ! has chromium-browser && ! has google-chrome; then
		want chromium 'tests play the page in a real browser'
	fi
	if ! has google-chrome && ! [ -e /usr/lib/chromium/locales/zh-CN.pak ]; then
		want chromium-l10n 'so that the browser can speak Chinese'
	fi
	if ! [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] && [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
		want fonts-noto-cjk 'so that Chinese is drawn as Chinese'
	fi
	if ! has osmium; then
		want osmium-tool 'turns the hand-written roads of tests into PBF files'
	fi
}

give_up() {
	echo "cannot install them here: $1. Please install:$missing" >&2
	exit 1
}

# as_root runs a command as root, asking for a password only where somebody can answer.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

install_missing() {
	has apt-get || give_up 'there is no apt-get'
	[ "$(id -u)" = 0 ] || has sudo || give_up 'neither root nor sudo'
	echo "installing with apt-get:$missing"
	as_root apt-get update -q || give_up 'apt-get update failed'
	# Package names hold no blanks: the list is split on purpose.
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing </dev/null ||
		give_up 'apt-get install failed'
}

case "${1:-}" in
build) need_build ;;
test) need_test ;;
*)
	echo "usage: $0 build|test" >&2
	exit 2
	;;
esac
[ -z "$missing" ] || install_missing
