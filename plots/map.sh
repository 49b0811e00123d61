#!/bin/sh
# map.sh RECORD FOLDER NAME [SWITCHERS TRANSFER]: the corruption map of a record as FOLDER/NAME.svg and .pdf, from what `switchlab show --tsv cells` prints.
# SWITCHERS: only those whose name and mask match this regular expression, and that transfer control by TRANSFER.
# Run it from the top of the tree. SWITCHLAB names the program, if it is not build/switchlab.
set -eu

fail() { echo "map.sh: $1" >&2; exit "${2:-1}"; }

[ $# = 3 ] || [ $# = 5 ] || fail "usage: plots/map.sh RECORD FOLDER NAME [SWITCHERS TRANSFER]" 2
record=$1 folder=$2 name=$3
switchlab=${SWITCHLAB:-build/switchlab}
[ -f plots/common.gp ] || fail "run it from the top of the tree: plots/common.gp is not below $(pwd)" 2
[ -r "$record" ] || fail "cannot read $record; make bench writes records to results/" 2
command -v gnuplot >/dev/null || fail "skipped: gnuplot is not installed; make deps installs it" 77
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$switchlab" show --tsv cells "$record" >"$work/cells" 2>"$work/why" || fail "no map: $(cat "$work/why")" 2
# the first engine's: where there are more, their maps agree or the record's tables say that they do not
awk -F '\t' -v names="${4:-.}" -v transfer="${5:-}" 'NR == 2 { engine = $1 }
    NR > 1 && $1 == engine && $2 ~ names && (transfer == "" || $7 == transfer)' "$work/cells" >"$work/one"
[ -s "$work/one" ] || fail "$record has no map" 2
awk -F '\t' '$5 == "-" { exit 1 }' "$work/one" || fail "the cells of $record do not say at which boundary they are" 2
# in the order of the tables, but a switcher's masks together and in the order of their names: maps of architectures side by side
awk -F '\t' '$6 == "all" { plain = $2; sub("/.*", "", plain); if (!(plain in at)) at[plain] = n++; print at[plain] "\t" $2 "\t" $3 }' "$work/one" |
    LC_ALL=C sort -t "$(printf '\t')" -k 1,1n -k 2,2 | awk -F '\t' '{ print $2 "\t" $3 "\t" NR - 1 }' >"$work/places"
awk -f plots/map.awk "$work/places" "$work/one" >"$work/map"
rows=$(awk 'END { print NR }' "$work/places")
switchers=$(cut -f 1 "$work/places" | tr '\n' ' ')
for format in svg pdf; do
    gnuplot -e "out='$folder/$name'; format='$format'; data='$work/map'; rows=$rows; switchers='$switchers'" plots/map.gp 2>"$work/why" ||
        fail "gnuplot: $(cat "$work/why")"
    [ -s "$folder/$name.$format" ] || fail "gnuplot left $folder/$name.$format empty"
done
echo "$folder/$name.svg $folder/$name.pdf"
