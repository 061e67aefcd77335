#!/usr/bin/env bash
# Installs hexapla: a release that its checksum vouches for; else what is on the PATH;
# else a build of the commit that this action is from.
set -euo pipefail

bin="${RUNNER_TEMP:?}/hexapla-bin"
mkdir -p "$bin"

if [ -n "${VERSION:-}" ]; then
	os=$(uname -s | tr '[:upper:]' '[:lower:]')
	case $os in mingw* | msys* | cygwin*) os=windows ;; esac
	case $(uname -m) in
	x86_64 | amd64) arch=amd64 ;;
	aarch64 | arm64) arch=arm64 ;;
	*) echo "::error::no release for the processor $(uname -m)"; exit 3 ;;
	esac
	archive="hexapla_${VERSION#v}_${os}_${arch}.tar.gz"
	from="${RELEASES:-${GITHUB_SERVER_URL:-https://github.com}/${REPOSITORY:-${GITHUB_REPOSITORY:-}}/releases/download}/$VERSION"
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	for file in "$archive" SHA256SUMS; do
		if ! curl -fsSL --retry 3 -o "$work/$file" "$from/$file"; then
			echo "::error::cannot download $from/$file"
			exit 3
		fi
	done
	cd "$work"
	sum=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
	if command -v sha256sum >/dev/null; then have=$(sha256sum "$archive"); else have=$(shasum -a 256 "$archive"); fi
	if [ -z "$sum" ] || [ "$sum" != "${have%% *}" ]; then
		echo "::error::$archive does not have the checksum in SHA256SUMS: it is not installed"
		exit 3
	fi
	tar xzf "$archive"
	find . -type f \( -name hexapla -o -name hexapla.exe \) -exec cp {} "$bin/" \;
elif command -v hexapla >/dev/null; then
	hexapla version
	exit 0
else
	command -v go >/dev/null || { echo "::error::give the input version, or set up Go (actions/setup-go)"; exit 3; }
	(cd "$ACTION_PATH/../../.." && CGO_ENABLED=0 go build -trimpath -o "$bin/" ./cmd/hexapla)
fi
echo "$bin" >>"$GITHUB_PATH"
"$bin/hexapla" version
