#!/bin/sh
# plot.sh RECORD [FOLDER]: draws the figures of a record as SVG and PDF, from what `switchlab show --tsv` prints.
# Run it from the top of the tree. SWITCHLAB names the program, if it is not build/switchlab.
set -eu

fail() { echo "plot.sh: $1" >&2; exit "${2:-1}"; }

[ $# -ge 1 ] || fail "usage: plots/plot.sh RECORD [FOLDER]" 2
record=$1
folder=${2:-build/plots}
switchlab=${SWITCHLAB:-build/switchlab}

[ -f plots/common.gp ] || fail "run it from the top of the tree: plots/common.gp is not below $(pwd)" 2
[ -x "$switchlab" ] || fail "$switchlab is not there; run make first" 2
[ -r "$record" ] || fail "cannot read $record; make bench writes records to results/" 2
command -v gnuplot >/dev/null || fail "skipped: gnuplot is not installed; make deps installs it" 77
mkdir -p "$folder" || fail "cannot make the folder $folder"

work=$(mktemp -d) || fail "cannot make a temporary folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# table NAME: writes $work/NAME.tsv; false, with the reason, when the record has no such results
table() {
    "$switchlab" show --tsv "$1" "$record" >"$work/$1.tsv" 2>"$work/why" && return
    if [ -s "$work/$1.tsv" ]; then # some lines were bad: the rest is drawn
        [ -e "$work/bad" ] || tee "$work/bad" <"$work/why" >&2
        return 0
    fi
    echo "plot.sh: no figure of $1: $(cat "$work/why")" >&2
    return 1
}

# draw NAME HEIGHT VARIABLES: NAME.gp, in both formats; gnuplot warns on stderr, so only its failure is an error
draw() {
    for format in svg pdf; do
        gnuplot -e "out='$folder/$1'; format='$format'; height=$2; $3" "plots/$1.gp" 2>"$work/why" ||
            fail "gnuplot could not draw $1: $(cat "$work/why")"
        [ -s "$folder/$1.$format" ] || fail "gnuplot left $folder/$1.$format empty: $(cat "$work/why")"
    done
    # a machine without the font takes the next one
    sed -i 's/font-family="Liberation Sans"/font-family="Liberation Sans, Arial, Helvetica, sans-serif"/' "$folder/$1.svg"
    echo "$folder/$1.svg $folder/$1.pdf"
}

# Cycles where there are any, else nanoseconds.
metric_of() {
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "cycles") c = i } NR > 1 && $c != "-" { m = 1 }
                 END { print m ? "cycles" : "ns" }' "$1"
}

drawn=0
if table pingpong; then
    metric=$(metric_of "$work/pingpong.tsv")
    awk -v metric="$metric" -f plots/place.awk "$work/pingpong.tsv" >"$work/cost.tsv"
    rows=$(awk 'END { print NR }' "$work/cost.tsv")
    [ "$rows" -gt 1 ] || fail "no switcher of $record has a figure: see switchlab show $record"
    height=$(awk -F '\t' 'END { print 1.4 + 0.36 * ($NF + 1) }' "$work/cost.tsv")
    margin=$(awk -F '\t' 'NR > 1 && length($(NF - 2)) > m { m = length($(NF - 2)) } END { print 2.5 + 0.85 * m }' "$work/cost.tsv")
    draw cost "$height" "margin=$margin; data='$work/cost.tsv'; metric='$metric'"
    drawn=1
fi
if table pressure; then
    table crossover || : >"$work/crossover.tsv"
    metric=$(metric_of "$work/pressure.tsv")
    awk -v metric="$metric" -v curves="$work/curves.tsv" -v marks="$work/marks.tsv" \
        -f plots/curves.awk "$work/pressure.tsv" "$work/crossover.tsv"
    files=$(awk -F '\t' 'NR > 1 && !seen[$1]++ { print $1 }' "$work/curves.tsv" | sort | tr '\n' ' ')
    [ -n "$files" ] || fail "no pressure result of $record has a figure: see switchlab show $record"
    height=$(echo "$files" | awk '{ print 5.75 * NF }')
    draw pressure "$height" "files='$files'; curves='$work/curves.tsv'; marks='$work/marks.tsv'; metric='$metric'"
    drawn=1
fi
[ "$drawn" = 1 ] || fail "$record has nothing to draw" 2
