#!/bin/sh
# aa.sh BUILD: how often does compare raise an alarm where there is nothing? TRIES (200) comparisons of the program with itself: two
# runs of CELLS each (pip, scratch and full by jmp), one after the other as in CI, alarms confirmed in turns, floors measured
# before. A comparison with any alarm, slower or faster, is a false alarm. Exit 1 when more than LIMIT (1) percent are.
set -eu
lab=$1/switchlab tries=${TRIES:-200} limit=${LIMIT:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cells='@(pip|scratch|full)'

measure() {
    "$lab" run --experiment pingpong --switcher "$cells" --transfer jmp --retries 10 --out "$1" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}
start=$(date +%s)
"$lab" noise --runs 6 --switcher "$cells" --transfer jmp --results "$work" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
grep "shared their core" "$work/log" >&2 || true
: >"$work/alarms"
suspects=0 false=0 cell=0
for try in $(seq "$tries"); do
    rm -f "$work/base" "$work/new"
    measure "$work/base"
    measure "$work/new"
    "$lab" compare --gate none --annotate github --confirm --base-program "$lab" --results "$work" "$work/base" "$work/new" >"$work/said"
    cell=$((cell + $(grep -cE '^pingpong ' "$work/said")))
    suspects=$((suspects + $(grep -cE ' (slower|faster)(,|$)' "$work/said" || true)))
    if grep -E '^::(error|warning|notice) title=pingpong' "$work/said" >>"$work/alarms"; then false=$((false + 1)); fi
    rm -f "$work"/confirm-*
    [ ! -t 2 ] || printf '\raa: %d of %d, %d false' "$try" "$tries" "$false" >&2
done
[ ! -t 2 ] || echo >&2

cat "$work/alarms"
awk -v k="$false" -v n="$tries" -f tools/proportion.awk | awk -v limit="$limit" -v cells="$cell" -v suspects="$suspects" -v seconds=$(($(date +%s) - start)) '{
    printf "aa: %d false alarms in %d A/A comparisons: %s%% (95%% interval %s%% to %s%%), limit %s%%\n", $1, $2, $3, $4, $5, limit
    printf "aa: %d cells in all; %d looked slower or faster before they were run again; %d s\n", cells, suspects, seconds
    exit $3 > limit
}'
