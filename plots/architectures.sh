#!/bin/sh
# architectures.sh RECORD [FOLDER]: what each kind of switch saves and executes on each architecture, in one figure: registers, bytes and
# instructions of a round trip of the masked forms. From what `switchlab show --tsv figures` prints; run it from the top of the tree.
set -eu

fail() { echo "architectures.sh: $1" >&2; exit "${2:-1}"; }

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: plots/architectures.sh RECORD [FOLDER]" 2
record=$1
folder=${2:-build/plots}
switchlab=${SWITCHLAB:-build/switchlab}
[ -f plots/common.gp ] || fail "run it from the top of the tree: plots/common.gp is not below $(pwd)" 2
[ -r "$record" ] || fail "cannot read $record; make bench-all writes records to results/" 2
command -v gnuplot >/dev/null || fail "skipped: gnuplot is not installed; make deps installs it" 77
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$switchlab" show --tsv figures "$record" >"$work/figures" 2>"$work/why" || fail "no counts: $(cat "$work/why")" 2
# place of the architecture, its name, kind, value: where two engines count, their figures are the same
for metric in registers_saved bytes instructions; do
    awk -F '\t' -v metric=$metric '
        BEGIN { n = split("x86_64-kernel aarch64-kernel riscv64-kernel ia64", order, " "); for (i = 1; i <= n; i++) place[order[i]] = i }
        $4 == "round trip" && $5 == "-" && $6 == "-" && $7 == "-" && $8 == metric && $12 in place && $2 ~ ("^" $3 "/") && !seen[$12, $3]++ {
            name = $12; sub(/-kernel/, "", name); print place[$12] "\t" name "\t" $3 "\t" $9 }' "$work/figures" | sort -n >"$work/$metric"
    [ -s "$work/$metric" ] || fail "$record has no $metric of a round trip" 2
done
for format in svg pdf; do
    gnuplot -e "out='$folder/architectures'; format='$format'; work='$work'" plots/architectures.gp 2>"$work/why" ||
        fail "gnuplot: $(cat "$work/why")"
    [ -s "$folder/architectures.$format" ] || fail "gnuplot left $folder/architectures.$format empty"
done
echo "$folder/architectures.svg $folder/architectures.pdf"
