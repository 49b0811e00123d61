#!/bin/sh
# report.sh: the page about real and made-up records, driven in Chromium. Skipped, with the reason, where there is none. SHOTS: a folder for screenshots.
set -eu
B=${B:-build}
lab=$B/switchlab
skip() { echo "skipped: $1"; exit 77; }
[ -x "${CHROMIUM:=/usr/bin/chromium}" ] || skip "no $CHROMIUM: make deps test-report installs it, or name another in CHROMIUM"
command -v node >/dev/null || skip "no node: make deps test-report installs it"
[ -d tests/report/node_modules/playwright-core ] || skip "playwright-core is not installed: (cd tests/report && npm ci)"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# a month of made-up runs with a change, the small CPU's maps, and the large maps of IA-64 where its worlds are built
awk -f tests/cli/month.awk >"$dir/month-1.jsonl"
"$lab" run --arch simple --results "$dir" >/dev/null 2>&1
if [ -e "$B/worlds/ia64/pip-none.elf" ]; then "$lab" run --quick --arch ia64 --engine ia64sim --results "$dir" >/dev/null 2>&1; fi
tools/report.sh "$lab" "$dir"
REPORT=$dir/report.html CHROMIUM=$CHROMIUM node --test tests/report/report.test.mjs
