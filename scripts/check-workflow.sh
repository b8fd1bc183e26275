#!/usr/bin/env bash
# Checks the workflow files of the public forge with actionlint. Go builds it into a temporary folder; exit code 77,
# "skipped", with the reason, if it is not available here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly version=v1.7.12

skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

command -v go >/dev/null || skip 'Go, which builds actionlint, is not installed'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
GOBIN=$folder go install "github.com/rhysd/actionlint/cmd/actionlint@$version" ||
  skip "actionlint $version could not be installed"
# What it finds must not depend on which other checkers this machine has.
"$folder/actionlint" -shellcheck= -pyflakes= .github/workflows/*.yml
printf 'actionlint %s has no complaints\n' "$version"
