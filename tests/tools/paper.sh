#!/bin/sh
# paper.sh: everything that a paper needs is in one folder, names its source, and compiles.
set -u
B=${B:-build}
lab=$B/switchlab
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

mkdir "$dir/results" "$dir/empty"
awk -f tests/cli/month.awk >"$dir/results/host-month.jsonl"
sed -i 's/"switcher":"full"/"switcher":"fu_ll%"/' "$dir/results/host-month.jsonl" # what LaTeX takes for its own
expect "no folder"               2 'nowhere is not there; make bench' tools/paper.sh "$lab" "$dir/nowhere"
expect "no records"              2 'no record in .*/empty has figures' tools/paper.sh "$lab" "$dir/empty"
mkdir "$dir/bin" && for p in sh awk sed grep ls cat mktemp rm dirname basename head; do ln -s "$(command -v $p)" "$dir/bin/$p"; done
expect "no gnuplot"              77 'skipped: gnuplot is not installed' env PATH="$dir/bin" tools/paper.sh "$lab" "$dir/results"
if command -v gnuplot >/dev/null; then
    paper=$dir/results/paper
    expect "it says where"       0 "^$paper\$" tools/paper.sh "$lab" "$dir/results"
    expect "a figure"            0 '^%PDF' head -c 4 "$paper/cost.pdf"
    expect "its data"            0 'pip,pip,jmp,none,none,.*,3.24,' cat "$paper/cost.csv"
    expect "a table of booktabs" 0 'toprule' cat "$paper/cost.tex"
    expect "with its names as LaTeX writes them" 0 'fu\\_ll\\% & jmp & -- & -- & 49' cat "$paper/cost.tex"
    expect "of the last run alone" 0 '^2$' grep -c jmp "$paper/cost.tex"
    expect "the run"             0 'run r24, 2026-01-24T12:00:00Z, commit c24' cat "$paper/README.txt"
    expect "the machine"         0 'machine maker-cpu-9-25.17.1-8cores-16gib' cat "$paper/README.txt"
    expect "the record, by its sum" 0 "sha256 $(sha256sum "$dir/results/host-month.jsonl" | cut -c 1-64)" cat "$paper/README.txt"
    expect "nothing else"        0 '^README.txt all.tex cost.csv cost.pdf cost.tex $' sh -c "ls '$paper' | tr '\n' ' '"
    if command -v pdflatex >/dev/null; then
        expect "it compiles"     0 'Output written on all.pdf' sh -c "cd '$paper' && pdflatex -interaction=nonstopmode -halt-on-error all.tex"
    else
        echo "LaTeX: not tried: pdflatex is not installed (texlive-latex-recommended)"
    fi
else
    echo "figures: not tried: gnuplot is not installed"
fi
expect_end
