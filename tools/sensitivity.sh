#!/bin/sh
# sensitivity.sh BUILD: is a switcher that became one core cycle slower noticed? tests/sensitivity: pip with a chain in its way
# (base), with one dependent instruction more (slower: one core cycle) and with a nop more (longer: one instruction). TRIES (100)
# times base and slower are run and compared, alarms confirmed in turns; caught is an alarm "slower". And TRIES times the exact figures of
# base and longer are compared. Exit 1 when fewer than LIMIT (99) percent are caught, or one instruction was not; 77 when the
# extra instruction does not cost a cycle on this CPU. Runs whose core was shared are measured again.
set -eu
programs=$1/sensitivity tries=${TRIES:-100} limit=${LIMIT:-99}
base=$programs/base/switchlab slower=$programs/slower/switchlab longer=$programs/longer/switchlab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
only='--experiment pingpong --switcher pip --transfer jmp --processes 24 --retries 10'

# shellcheck disable=SC2086 # options are words
measure() { # PROGRAM RECORD [OPTION]
    "$1" run $only ${3:-} --out "$2" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}
cycles() { "$base" show --tsv pingpong "$1" | awk -F'\t' '$2 == "arch" { for (i = 1; i <= NF; i++) if ($i == "cycles") c = i; next } { print $c }'; }

# most of its processes never had the core to themselves, so that they could not be set aside: it says something about the neighbours,
# nothing about compare
shared() { # RECORD
    grep -q '"core_shared": *[1-9]' "$1" && ! grep -q '"set_aside"' "$1"
}

start=$(date +%s)
for again in 1 2 3 4 5; do
    # shellcheck disable=SC2086
    "$base" noise --runs 6 --switcher pip --transfer jmp --results "$work" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    grep "shared their core" "$work/log" >&2 || break
done

caught=0 counted=0 crowded=0 most=$((3 * tries))
: >"$work/cycles"
try=0
while [ "$try" -lt "$tries" ]; do
    rm -f "$work"/base "$work"/slower "$work"/exact*
    measure "$base" "$work/base"
    measure "$slower" "$work/slower"
    if [ "$crowded" -lt "$most" ] && { shared "$work/base" || shared "$work/slower"; }; then
        crowded=$((crowded + 1))
        continue
    fi
    try=$((try + 1))
    echo "$(cycles "$work/base") $(cycles "$work/slower")" >>"$work/cycles"
    "$base" compare --gate none --annotate github --confirm --base-program "$base" --new-program "$slower" --results "$work" \
        "$work/base" "$work/slower" >"$work/said" || true
    if grep -q '^::warning title=pingpong pip.*::slower' "$work/said"; then caught=$((caught + 1)); else grep '^pingpong pip' "$work/said" >>"$work/missed"; fi
    measure "$base" "$work/exact-base" --exact
    measure "$longer" "$work/exact" --exact
    "$base" compare --exact "$work/exact-base" "$work/exact" >"$work/said" 2>&1 || counted=$((counted + 1))
    rm -f "$work"/confirm-*
    [ ! -t 2 ] || printf '\rsensitivity: %d of %d, %d caught' "$try" "$tries" "$caught" >&2
done
[ ! -t 2 ] || echo >&2

[ ! -f "$work/missed" ] || sed 's/^/missed: /' "$work/missed"
middle() { awk -v c="$1" '$c + 0 > 0 { print $c }' "$work/cycles" | sort -g | awk '{ v[NR] = $1 } END { print NR ? (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 : "none" }'; }
b=$(middle 1) s=$(middle 2)
[ "$crowded" = 0 ] || echo "sensitivity: $crowded pairs of runs not counted, and measured again: others used their core"
echo "sensitivity: base $b core cycles, slower $s (medians of $tries runs each)"
awk -v b="$b" -v s="$s" 'BEGIN { exit !(s - b > 0.8 && s - b < 1.25) }' ||
    { echo "sensitivity: skipped: the extra instruction does not cost one core cycle here, so this says nothing" >&2; exit 77; }
awk -v k="$counted" -v n="$tries" -f tools/proportion.awk | awk '{ printf "sensitivity: one instruction more: caught %d of %d\n", $1, $2; exit $1 < $2 }'
awk -v k="$caught" -v n="$tries" -f tools/proportion.awk | awk -v limit="$limit" -v seconds=$(($(date +%s) - start)) '{
    printf "sensitivity: one core cycle more: caught %d of %d: %s%% (95%% interval %s%% to %s%%), limit %s%%; %d s\n", $1, $2, $3, $4, $5, limit, seconds
    exit $3 < limit
}'
