#!/bin/sh
# spread.sh SWITCHLAB: does a ratio repeat? RUNS (default 10) whole runs; from each the ratios of the medians to scratch, all by jmp;
# prints how far the runs lie apart. Exit code 1 when any lies more than LIMIT (default 1) percent apart.
set -eu
lab=$1 runs=${RUNS:-10} limit=${LIMIT:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
for run in $(seq "$runs"); do
    "$lab" run --experiment pingpong --switcher '@(pip|scratch|scratch+fp|full|full+fp|boost)' --transfer jmp --processes 16 \
        --out "$work/$run.jsonl" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    "$lab" show --tsv pingpong "$work/$run.jsonl" >>"$work/all"
done
awk -F'\t' -v limit="$limit" '
    $2 == "arch" { for (i = 1; i <= NF; i++) column[$i] = i; run++; next }
    { name[$column["switcher"]] = 1; median[run, $column["switcher"]] = $column["ns"] }
    END {
        printf "%-11s %s\n", "switcher", "ratio to scratch: least, greatest, apart (" run " runs)"
        for (s in name) if (s != "scratch") {
            least = 1e9; greatest = 0
            for (r = 1; r <= run; r++) {
                ratio = median[r, s] / median[r, "scratch"]
                if (ratio < least) least = ratio
                if (ratio > greatest) greatest = ratio
            }
            apart = 100 * (greatest / least - 1)
            printf "%-11s %.4f  %.4f  %.2f%%%s\n", s, least, greatest, apart, (apart > limit ? "  more than " limit "%" : "")
            if (apart > limit) wide = 1
        }
        exit wide
    }' "$work/all"
