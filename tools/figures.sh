#!/bin/sh
# figures.sh SWITCHLAB RESULTS: puts the latest run's table into README.md and its plots into docs/figures/.
set -eu
lab=$1 record=$2/latest.jsonl
mkdir -p docs/figures
SWITCHLAB=$lab plots/plot.sh "$record" docs/figures
rm -f docs/figures/*.pdf
for figure in docs/figures/*.svg; do # only what a page shows
    grep -qs "figures/${figure##*/}" README.md docs/*.md || rm "$figure"
done
[ ! -f "$2/architectures.svg" ] || cp "$2/architectures.svg" docs/figures/ # of `make bench-all`
"$lab" show --view pingpong "$record" >docs/figures/table.txt
"$lab" show --view masks "$record" | sed -n '/^$/,$p' >>docs/figures/table.txt
awk '/^<!-- table: / { print; print "```"; while ((getline line < "docs/figures/table.txt") > 0) print line; print "```"; skip = 1; next }
     /^<!-- end of table/ { skip = 0 }
     !skip' README.md >docs/figures/README.new
mv docs/figures/README.new README.md
rm docs/figures/table.txt
