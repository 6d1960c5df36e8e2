#!/bin/bash
# bare-debian.sh [TARGET...]: proves the make targets (default: run test) where a
# newcomer has them: in a fresh clone of HEAD on a Debian that holds git, make and Go
# and nothing else. Needs root and debootstrap; takes some GB under DIR, for a while.
#
#   run    succeeds when the demo market has printed its address and says it is ready
#   any other target succeeds when make does
#
# Settings, as environment variables:
#   DIR=FOLDER    where the Debian is built (default: a new folder under /var/tmp)
#   KEEP=1        leave it there, and use the one that is there: the second run is quicker
#   SUITE=NAME    which Debian (default: bookworm)
#   GOROOT=FOLDER which Go to give it (default: the one on the PATH)
#   WAIT=SECONDS  how long `run` may take, downloads and compiling included (default: 900)
# A proxy, Go's own settings and SSL_CERT_FILE are handed on if they are set, and
# ../shared, where test data may lie, is mounted beside the clone if it exists.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${SUITE:-bookworm}
wait_for=${WAIT:-900}
goroot=${GOROOT:-$(go env GOROOT)}
mounts=(proc dev)

fail() {
	echo "bare-debian: $*" >&2
	exit 1
}

# build_debian makes the smallest Debian there is and adds git, make and Go.
build_debian() {
	[ -e "$dir/etc/debian_version" ] ||
		debootstrap --variant=minbase --include=git,make "$suite" "$dir"
	if ! [ -e "$dir/usr/local/go/bin/go" ]; then
		mkdir -p "$dir/usr/local/go"
		cp -a "$goroot/." "$dir/usr/local/go/"
	fi
	cp /etc/resolv.conf "$dir/etc/resolv.conf"
	# A service that a package wants to start would be a guest on this machine.
	printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
	chmod +x "$dir/usr/sbin/policy-rc.d"
	rm -rf "$dir/src"
	mkdir -p "$dir/src/shared"
	git clone --quiet "file://$PWD" "$dir/src/pinhuo"
	if [ -n "${SSL_CERT_FILE:-}" ]; then
		cp -L "$SSL_CERT_FILE" "$dir/src/certificates.pem"
	fi
}

# inside runs a command in the Debian.
inside() {
	(become "$@")
}

# become turns this shell into a command in the Debian, with an environment of its own.
become() {
	local env=(HOME=/root TERM=dumb PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
	local name
	for name in CI http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY GOPROXY GOSUMDB GONOSUMDB GOPRIVATE; do
		[ -z "${!name:-}" ] || env+=("$name=${!name}")
	done
	[ ! -e "$dir/src/certificates.pem" ] || env+=(SSL_CERT_FILE=/src/certificates.pem)
	exec chroot "$dir" /usr/bin/env -i "${env[@]}" "$@"
}

# try_run starts the demo market and waits until it says where it is and is ready.
try_run() {
	local log=$dir/src/run.log address='' server
	become make -C /src/pinhuo run 'ARGS=--listen 127.0.0.1:0' >"$log" 2>&1 </dev/null &
	server=$!
	local began=$SECONDS
	while ((SECONDS - began < wait_for)); do
		address=$(grep -aoE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1 || true)
		[ -z "$address" ] || break
		kill -0 "$server" 2>/dev/null || break
		sleep 1
	done
	cat "$log"
	[ -n "$address" ] || fail "make run printed no address in $((SECONDS - began)) s"
	echo "bare-debian: make run printed $address after $((SECONDS - began)) s"
	is_ready "$address" || fail "$address/readyz does not answer 200"
	kill "$server" # make hands it on
	wait "$server" || true
}

# is_ready asks in the way that needs no program of its own.
is_ready() {
	local port=${1##*:} line
	for _ in $(seq 30); do
		if exec 3<>"/dev/tcp/127.0.0.1/$port"; then
			printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&3
			IFS= read -r line <&3 || line=''
			exec 3>&-
			[[ $line != *' 200 '* ]] || return 0
		fi 2>/dev/null
		sleep 1
	done
	return 1
}

# trial runs the targets; its mounts and processes end with the namespaces it is in.
trial() {
	mount -t proc proc "$dir/proc"
	mount --rbind /dev "$dir/dev"
	if [ -d ../shared ]; then
		mount --bind ../shared "$dir/src/shared"
		mount -o remount,bind,ro "$dir/src/shared"
	fi
	local target began
	for target in "$@"; do
		began=$SECONDS
		if [ "$target" = run ]; then
			try_run
		else
			inside make -C /src/pinhuo "$target" </dev/null || fail "make $target failed"
		fi
		echo "bare-debian: make $target succeeded in $((SECONDS - began)) s"
	done
}

if [ "${1:-}" = --inner ]; then
	dir=$2
	shift 2
	trial "$@"
	exit
fi

[ "$(id -u)" = 0 ] || fail 'must run as root: it makes a root folder of its own (chroot)'
command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'
[ $# -gt 0 ] || set -- run test
dir=${DIR:-$(mktemp -d /var/tmp/pinhuo-debian-XXXXXX)}
mkdir -p "$dir"
chmod 755 "$dir" # it becomes /, where others than root must be let in
dir=$(realpath "$dir")
for point in "${mounts[@]}"; do # a stranger's folder is not ours to build in
	! mountpoint -q "$dir/$point" || fail "$dir/$point is mounted"
done
build_debian
status=0
# Out here none of the trial's mounts exist, so what is removed is what was built.
unshare --mount --pid --fork --kill-child "$PWD/scripts/bare-debian.sh" --inner "$dir" "$@" || status=$?
[ -n "${KEEP:-}" ] || rm -rf --one-file-system "$dir"
exit "$status"
