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
# a month of made-up runs with a change, the small CPU's maps, and the large maps of IA-64 where its worlds are built; and another
# machine, half as fast, with two instructions more in one cell, that has the same maps
another() {
    sed 's/"cpu":"[^"]*"/"cpu":"Another CPU"/; s/"machine_id":"[^"]*"/"machine_id":"maker-another-cpu-25.17.1-8cores-16gib"/; s/"run":"/"run":"another-/' "$1"
}
awk -f tests/cli/month.awk >"$dir/month-1.jsonl"
another "$dir/month-1.jsonl" | sed 's/:49,/:51,/g; s/"value":28,/"value":56,/; s/"lo":27.44,/"lo":54.88,/; s/"hi":28.56,/"hi":57.12,/' >"$dir/month-2.jsonl"
"$lab" run --arch simple --out "$dir/simple-1.jsonl" >/dev/null 2>&1
another "$dir/simple-1.jsonl" >"$dir/simple-2.jsonl"
if [ -e "$B/worlds/ia64/pip-none.elf" ]; then "$lab" run --quick --arch ia64 --engine ia64sim --results "$dir" >/dev/null 2>&1; fi
tools/report.sh "$lab" "$dir"
REPORT=$dir/report.html CHROMIUM=$CHROMIUM node --test tests/report/report.test.mjs
