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

# Cycles where every row that passed has them: one metric for a figure whose points are compared with each other
metric_of_all() {
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && $at["check"] == "pass" && $at["cycles"] == "-" { ns = 1 }
                 END { print ns ? "ns" : "cycles" }' "$1"
}

# points NAME X LAYOUT PANEL LEAST: $work/NAME.points, for cost against a parameter
points() {
    awk -v metric="$metric" -v x="$2" -v layout="$3" -v panel="$4" -v least="$5" \
        -f plots/points.awk "$work/$1.tsv" >"$work/$1.points"
    [ "$(awk 'END { print NR }' "$work/$1.points")" -gt 1 ] || fail "no $1 result of $record has a figure: see switchlab show $record"
    there=" $(awk -F '\t' 'NR > 1 && !seen[$1]++ { printf "%s ", $1 }' "$work/$1.points")"
    drawn=1
}

if table state; then
    metric=$(metric_of_all "$work/state.tsv")
    points state bytes upper '' 1
    # names beside the points; those that lie on each other share one
    awk -F '\t' 'NR > 1 && $2 == "clean" { n++; x[n] = $5; y[n] = $6; t[n] = $4
                     for (i = 1; i < n; i++) if (x[n] < x[i] * 1.1 && x[i] < x[n] * 1.1 && y[n] < y[i] * 1.4 && y[i] < y[n] * 1.4) {
                         sub(/^full\+/, "", t[n]); t[i] = t[i] ", " t[n]; n--; break } }
                  END { for (i = 1; i <= n; i++) print x[i] "\t" y[i] "\t" t[i] }' "$work/state.points" >"$work/marks.tsv"
    draw state 7 "data='$work/state.points'; marks='$work/marks.tsv'; metric='$metric'"
fi
if table contexts; then
    metric=ns
    points contexts contexts stacks,pages,prefetch order 2
    draw contexts "$(echo "$there" | awk '{ print 7 * NF }')" "there='$there'; data='$work/contexts.points'; metric='$metric'"
fi
if table sites; then
    metric=$(metric_of_all "$work/sites.tsv")
    points sites sites align targets 2
    draw sites "$(echo "$there" | awk '{ print 5 * NF }')" "there='$there'; data='$work/sites.points'; metric='$metric'"
fi
if table probe; then
    metric=$(metric_of_all "$work/probe.tsv")
    points probe "$metric" probe '' 1 # x is not drawn
    off=$(awk -F '\t' 'NR > 1 && $2 == "off" { print $6 }' "$work/probe.points" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
    sort -t "$(printf '\t')" -k 6,6g "$work/probe.points" |
        awk -F '\t' -v OFS='\t' '$2 == "on" { print n++, $4, $3, $6, $7, $8 }' >"$work/probes.tsv"
    draw probe "$(awk 'END { print 1.9 + 0.36 * NR }' "$work/probes.tsv")" \
        "data='$work/probes.tsv'; off=$off; metric='$metric'; margin=14"
fi
[ "$drawn" = 1 ] || fail "$record has nothing to draw" 2
