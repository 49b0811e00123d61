#!/bin/sh
# report.sh SWITCHLAB RESULTS: draws the newest figures of each kind and writes RESULTS/report.html about all records there.
set -eu
lab=$1 results=$2
[ -d "$results" ] || { echo "report.sh: $results is not there; make bench writes records to it" >&2; exit 2; }
figures=$results/report
mkdir -p "$figures"

# draw SCRIPT TABLE PATTERN: of the newest record that has them; without gnuplot the page says that none was drawn
draw() {
    record=$(tools/newest.sh "$lab" "$results" "$2" "$3")
    [ -z "$record" ] || SWITCHLAB=$lab "plots/$1" "$record" "$figures" >/dev/null || [ $? = 77 ]
}
draw plot.sh pingpong cycles
draw ia64.sh figures ia64sim
for figure in "$figures"/*.svg; do [ ! -e "$figure" ] || sed -z -i -f tools/svg.sed "$figure"; done
"$lab" report --figures "$figures" --link-base '' --out "$results/report.html" "$results"
echo "$results/report.html"
