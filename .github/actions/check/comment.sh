#!/usr/bin/env bash
# Keeps one comment on the pull request: the first run writes it, later ones replace
# its text. A token that may not write comments, as for a fork, is a warning only.
set -uo pipefail

marker='<!-- hexapla-check -->'
limit=60000 # GitHub takes 65,536 characters
body=$(mktemp)
trap 'rm -f "$body"' EXIT
echo "$marker" >"$body"
for file in "$REPORTS"/*.md; do
	[ ! -f "$file" ] || LC_ALL=C awk -v left="$limit" '{ left -= length($0) + 1; if (left < 0) { print "\n… the summary of the run has the rest."; exit } print }' "$file" >>"$body"
done

comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
if ! id=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id"); then
	echo "::warning title=hexapla::the comments of the pull request cannot be read"
	exit 0
fi
id=${id%%$'\n'*}
if [ -n "$id" ]; then
	gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body"
else
	gh api --silent --method POST "$comments" -F "body=@$body"
fi || echo "::warning title=hexapla::the comment on the pull request cannot be written"
