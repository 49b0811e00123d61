#!/bin/sh
# ia64.sh RECORD [FOLDER]: the figures of the IA-64 worlds: bytes and cycles by kind, classes of registers, the corruption map, and cost
# against live stacked and floating-point registers. From what `switchlab show --tsv figures` and `--tsv cells` print; run it from the top of the tree.
set -eu

fail() { echo "ia64.sh: $1" >&2; exit "${2:-1}"; }

[ $# -ge 1 ] || fail "usage: plots/ia64.sh RECORD [FOLDER]" 2
record=$1
folder=${2:-build/plots}
switchlab=${SWITCHLAB:-build/switchlab}
[ -r "$record" ] || fail "cannot read $record; make bench ARCH=ia64 writes records to results/" 2
command -v gnuplot >/dev/null || fail "skipped: gnuplot is not installed; make deps installs it" 77
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$switchlab" show --tsv figures "$record" | awk -F '\t' '$1 == "ia64sim"' >"$work/figures"
"$switchlab" show --tsv cells "$record" | awk -F '\t' '$1 == "ia64sim"' >"$work/cells"
[ -s "$work/figures" ] || fail "$record has no counts of ia64sim" 2

# switcher, kind, place on the axis: cheapest first
awk -F '\t' '$4 == "round trip" && $5 == "-" && $6 == "-" && $7 == "-" && $8 == "bytes" { print $9 "\t" $2 "\t" $3 }' "$work/figures" |
    sort -n | awk -F '\t' '{ print $2 "\t" $3 "\t" NR - 1 }' >"$work/places"
rows=$(wc -l <"$work/places")

# value METRIC: place, switcher, kind, value, lo, hi of a round trip
value() {
    awk -F '\t' -v metric="$1" 'NR == FNR { place[$1] = $3; next }
        $4 == "round trip" && $5 == "-" && $6 == "-" && $7 == "-" && $8 == metric { print place[$2] "\t" $2 "\t" $3 "\t" $9 "\t" $10 "\t" $11 }' \
        "$work/places" "$work/figures" | sort -n
}
value bytes >"$work/bytes"
value cycles >"$work/cycles"

# registers by class that the contract keeps: one column a class
awk -F '\t' 'NR == FNR { place[$1] = $3; next }
    $4 == "round trip" && $5 == "-" && $6 == "-" && $7 == "-" && $8 ~ /^registers_/ && $8 !~ /saved|free/ {
        class = 6
        if ($8 == "registers_gr") class = 1
        if ($8 == "registers_bank0" || $8 == "registers_icr") class = 2
        if ($8 ~ /_fr_/) class = 3
        if ($8 ~ /_(br|link|pr)$/) class = 4
        if ($8 ~ /_(ar|rse|kr|ia32)$/) class = 5
        sum[place[$2], class] += $9; name[place[$2]] = $2 }
    END { for (p = 0; p in name; p++) { printf "%d\t%s", p, name[p]; for (c = 1; c <= 6; c++) printf "\t%d", sum[p, c]; print "" } }' \
    "$work/places" "$work/figures" >"$work/classes"

awk -f plots/map.awk "$work/places" "$work/cells" >"$work/map"

# cost against live registers: switcher, kind, registers, bytes or cycles with their bounds, what the guest does
curve() {
    awk -F '\t' -v column="$1" -v metric="$2" \
        '$column != "-" && $8 == metric { print $2 "\t" $3 "\t" $column "\t" $9 "\t" $10 "\t" $11 "\t" $5 }' "$work/figures" |
        sort -t "$(printf '\t')" -k7,7 -k1,1 -k3,3n
}
for metric in bytes cycles; do
    curve 6 $metric >"$work/stacked-$metric"
    curve 7 $metric >"$work/fp-$metric"
done
switchers=$(cut -f 1 "$work/places" | tr '\n' ' ')
kinds=$(cut -f 2 "$work/places" | tr '\n' ' ')

for format in svg pdf; do
    gnuplot -e "folder='$folder'; format='$format'; work='$work'; rows=$rows; switchers='$switchers'; kinds='$kinds'" plots/ia64.gp 2>"$work/why" ||
        fail "gnuplot: $(cat "$work/why")"
done
for name in bytes cycles classes map stacked fp; do
    for format in svg pdf; do
        [ -s "$folder/ia64-$name.$format" ] || fail "gnuplot left $folder/ia64-$name.$format empty"
    done
    echo "$folder/ia64-$name.svg $folder/ia64-$name.pdf"
done
