#!/bin/sh
# report.sh SWITCHLAB RESULTS: draws the newest figures of each kind and writes RESULTS/report.html about all records there.
set -eu
lab=$1 results=$2
[ -d "$results" ] || { echo "report.sh: $results is not there; make bench writes records to it" >&2; exit 2; }
figures=$results/report
mkdir -p "$figures"

# newest SCRIPT TABLE: SCRIPT draws the newest record that has TABLE; without gnuplot it says so
newest() {
    for record in $(ls -t "$results"/*-*.jsonl 2>/dev/null); do
        [ ! -L "$record" ] && "$lab" show --tsv "$2" "$record" 2>/dev/null | grep -q "$3" || continue
        SWITCHLAB=$lab "plots/$1" "$record" "$figures" >/dev/null || [ $? = 77 ] || return 1
        return 0
    done
}
newest plot.sh pingpong cycles
newest ia64.sh figures ia64sim
"$lab" report --figures "$figures" --link-base '' --out "$results/report.html" "$results"
echo "$results/report.html"
