#!/usr/bin/env bash
# Runs the checks, writes the reports and the summary, and exits as hexapla does: 1 on
# findings; 2 and 3, which mean that something was not checked at all, come before 1.
set -uo pipefail

reports="${RUNNER_TEMP:?}/hexapla-reports"
rm -rf "$reports" # of an earlier run
mkdir -p "$reports/sarif"
worst=0

# run NAME COMMAND ...: one check, with its reports.
run() {
	local name=$1 code=0
	shift
	"$@" --format github --format sarif="$reports/sarif/$name.sarif" --format markdown="$reports/$name.md" --format html="$reports/$name.html" || code=$?
	if [ -f "$reports/$name.md" ]; then
		cat "$reports/$name.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
	else
		printf '## %s\n\n❌ Not checked: exit status %d. The log has the reason.\n\n' "$name" "$code" | tee "$reports/$name.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
		echo "::error title=hexapla::$name: not checked, exit status $code"
	fi
	[ "$code" -le "$worst" ] || worst=$code
}

policy=()
[ -z "${FAIL_UNDER:-}" ] || policy+=(--fail-under "$FAIL_UNDER")
[ -z "${MAX_WARNINGS:-}" ] || policy+=(--max-warnings "$MAX_WARNINGS")
[ -z "${CHANGED_SINCE:-}" ] || policy+=(--changed-since "$CHANGED_SINCE")
IFS=',' read -ra locales <<<"${LOCALES:-}"
for locale in ${locales[@]+"${locales[@]}"}; do policy+=(--locale "${locale//[[:space:]]/}"); done

catalogs=0 editions=0
case "${CHECK:-auto}" in
catalogs) catalogs=1 ;;
editions) editions=1 ;;
all) catalogs=1 editions=1 ;;
auto)
	catalogs=1
	if [ -z "${DIR:-}" ] && [ -f "${PROJECT:-.}/hexapla.toml" ]; then editions=1; fi
	;;
*)
	echo "::error title=hexapla::check must be auto, catalogs, editions or all, not $CHECK"
	exit 2
	;;
esac

if [ "$catalogs" = 1 ]; then
	args=(catalog check --project "${PROJECT:-.}")
	[ -z "${DIR:-}" ] || args+=(--dir "$DIR")
	[ -z "${SOURCE:-}" ] || args+=(--source "$SOURCE")
	while IFS= read -r glob; do [ -z "$glob" ] || args+=(--code "$glob"); done <<<"${CODE:-}"
	while IFS= read -r glob; do [ -z "$glob" ] || args+=(--exclude "$glob"); done <<<"${EXCLUDE:-}"
	[ -z "${BASELINE:-}" ] || args+=(--baseline "$BASELINE/catalogs.json")
	run catalogs hexapla "${args[@]}" ${policy[@]+"${policy[@]}"}
fi
if [ "$editions" = 1 ]; then
	args=(check --project "${PROJECT:-.}" --completeness)
	[ -z "${BASELINE:-}" ] || args+=(--baseline "$BASELINE/editions.json")
	run editions hexapla "${args[@]}" ${policy[@]+"${policy[@]}"}
fi

{
	echo "reports=$reports"
	if compgen -G "$reports/sarif/*.sarif" >/dev/null; then echo "sarif=$reports/sarif"; else echo "sarif="; fi
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$worst"
