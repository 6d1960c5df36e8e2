#!/bin/sh
# planted.sh: plants the bugs of testdata/planted, one at a time, in a copy of the files
# that they are in, and wants the test that each names to fail.
#
#   planted.sh               all of them
#   planted.sh --often       those that say so: they are quick, and CI runs them
#   planted.sh NAME...       those named
set -eu
cd "$(dirname "$0")/.."

case ${1:-} in
'') set -- testdata/planted/*.patch ;;
--often) set -- $(grep -l '^Often: yes$' testdata/planted/*.patch) ;;
*)
	names=$*
	set --
	for name in $names; do set -- "$@" "testdata/planted/$name.patch"; done
	;;
esac

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
alive=''
for patch in "$@"; do
	rm -rf "$copy/tree"
	replace=''
	for file in $(sed -n 's|^+++ b/||p' "$patch"); do
		mkdir -p "$copy/tree/$(dirname "$file")"
		cp "$file" "$copy/tree/$file"
		replace="$replace${replace:+,}\"$PWD/$file\":\"$copy/tree/$file\""
	done
	(cd "$copy/tree" && GIT_CEILING_DIRECTORIES=$copy git apply "$OLDPWD/$patch")
	printf '{"Replace":{%s}}\n' "$replace" >"$copy/overlay.json"

	caught=$(sed -n 's/^Caught by: go test //p' "$patch")
	if eval "go test -count=1 -overlay '$copy/overlay.json' $caught" >"$copy/said" 2>&1 || ! grep -q -- '^--- FAIL' "$copy/said"; then
		alive="$alive $patch"
		tail -n 20 "$copy/said"
		echo "ALIVE  $patch"
	else
		echo "caught $patch"
	fi
done
if [ -n "$alive" ]; then
	echo "no test noticed:$alive" >&2
	exit 1
fi
