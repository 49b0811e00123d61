#!/bin/sh
# paper.sh SWITCHLAB RESULTS: what a paper needs, in RESULTS/paper: figures as PDF, tables as LaTeX (booktabs), a CSV beside each figure, and
# README.txt, which names the run, machine and commit that each came from. all.tex includes everything, to look at and to copy from.
set -eu
lab=$1 results=$2 folder=$2/paper
fail() { echo "paper.sh: $1" >&2; exit "${2:-1}"; }
[ -d "$results" ] || fail "$results is not there; make bench writes records to it" 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

csv() { awk -F '\t' '{ for (i = 1; i <= NF; i++) { f = $i; if (f ~ /[",]/) { gsub(/"/, "\"\"", f); f = "\"" f "\"" } printf "%s%s", (i > 1 ? "," : ""), f } print "" }'; }
escape='function tex(t) { gsub(/[\\]/, "\\textbackslash ", t); gsub(/[_&%#$]/, "\\\\&", t); gsub(/\^/, "\\^{}", t); gsub(/~/, "\\~{}", t); return t }'

# source RECORD NAMES...: where these files come from
source_of() {
    record=$1
    shift
    echo "$*" | fold -s -w 100
    "$lab" export --format benchfmt --medians "$record" 2>/dev/null | sed -n 's/^# run /    run /p; s/^machine: /    machine /p' | tail -2
    echo "    record $(basename "$record"), sha256 $(sha256sum "$record" | cut -d ' ' -f 1)"
    echo
}

# start FILE COLUMNS CAPTION HEADER: a table's head; end FILE: its foot
start() {
    printf '%% %s\n\\begin{table}\n  \\centering\\small\n  \\caption{%s}\n  \\begin{tabular}{%s}\n    \\toprule\n    %s \\\\\n    \\midrule\n' "$run" "$3" "$2" "$4" >"$1"
}
end() { printf '    \\bottomrule\n  \\end{tabular}\n\\end{table}\n' >>"$1"; }
run_of() { "$lab" export --format benchfmt --medians "$1" 2>/dev/null | sed -n 's/^# run \([^,]*\), \([^,]*\), \(commit [^,]*\),.*/\1, \2, \3/p' | tail -1; }
# of a table with several runs the last, which is the one that the figures show
last_run() { awk -F '\t' '{ row[NR] = $0; run[NR] = $1 } END { for (i = 1; i <= NR; i++) if (i == 1 || run[i] == run[NR]) print row[i] }'; }

native() {
    run=$(run_of "$1")
    SWITCHLAB=$lab plots/plot.sh "$1" "$folder" >/dev/null || return
    "$lab" show --tsv pingpong "$1" | last_run >"$work/pingpong"
    csv <"$work/pingpong" >"$folder/cost.csv"
    files="cost.pdf cost.csv cost.tex"
    if "$lab" show --tsv pressure "$1" >"$work/pressure" 2>/dev/null; then
        last_run <"$work/pressure" | csv >"$folder/pressure.csv"
        "$lab" show --tsv crossover "$1" 2>/dev/null | last_run | csv >"$folder/crossover.csv"
        files="$files pressure.pdf pressure.csv crossover.csv"
    fi
    start "$folder/cost.tex" 'llrrrrrrr' 'One switch, one way. Cycles are measured: median over processes and its 95\% interval; the rest is counted.' \
        'switcher & via & cycles & 95\% & instr. & loads & stores & bytes & saved'
    awk -F '\t' "$escape"'
        function count(name) { return $at[name] == "-" ? "--" : sprintf("%.4g", $at[name]) }
        function figure(v) { return v == "-" ? "--" : v < 10 ? sprintf("%.2f", v) : v < 100 ? sprintf("%.1f", v) : sprintf("%.0f", v) }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["check"] == "pass" { printf "    %s & %s & %s & %s & %s & %s & %s & %s & %s \\\\\n", tex($at["switcher"]), tex($at["transfer"]), figure($at["cycles"]),
            ($at["cycles"] == "-" ? "--" : "[" figure($at["cycles_lo"]) ", " figure($at["cycles_hi"]) "]"), count("instructions"), count("loads"), count("stores"), count("bytes"), count("registers_saved") }' \
        "$work/pingpong" >>"$folder/cost.tex"
    end "$folder/cost.tex"
    # shellcheck disable=SC2086 # a list of names
    source_of "$1" $files >>"$folder/README.txt"
}

ia64() {
    run=$(run_of "$1")
    SWITCHLAB=$lab plots/ia64.sh "$1" "$folder" >/dev/null || return
    "$lab" show --tsv figures "$1" >"$work/figures"
    pick() { awk -F '\t' "NR == 1 || \$1 == \"ia64sim\" && ($1)" "$work/figures" | csv >"$folder/$2.csv"; }
    round='$4 == "round trip" && $5 == "-" && $6 == "-"'
    pick "$round && \$7 == \"bytes\"" ia64-bytes
    pick "$round && \$7 ~ /^cycles/" ia64-cycles
    pick "$round && \$7 ~ /^registers_/" ia64-classes
    pick '$6 != "-" && ($7 == "bytes" || $7 == "cycles")' ia64-stacked
    "$lab" show --tsv cells "$1" >"$work/cells"
    csv <"$work/cells" >"$folder/ia64-map.csv"
    start "$folder/ia64.tex" 'lrrrrrr' 'IA-64, a round trip of host OS and virtual machine. Counted; cycles are a timing model'"'"'s prediction with its bounds.' \
        'switcher & instr. & loads & stores & bytes & cycles & not intact at'
    awk -F '\t' "$escape"'
        FILENAME ~ /cells$/ { if ($1 != "ia64sim") next; if ($6 == "all") n[$2] = $5; else bad[$2]++; next }
        $1 == "ia64sim" && $4 == "round trip" && $5 == "-" && $6 == "-" { v[$2, $7] = $8; lo[$2, $7] = $9; hi[$2, $7] = $10; if (!seen[$2]++) order[++count] = $2 }
        END { for (i = 1; i <= count; i++) { s = order[i]; printf "    %s & %d & %d & %d & %d & %.0f (%.0f--%.0f) & %s \\\\\n", tex(s), v[s, "instructions"], v[s, "loads"], v[s, "stores"], v[s, "bytes"],
              v[s, "cycles"], lo[s, "cycles"], hi[s, "cycles"], (s in n) ? bad[s] + 0 " of " n[s] : "--" } }' "$work/cells" "$work/figures" >>"$folder/ia64.tex"
    end "$folder/ia64.tex"
    source_of "$1" ia64-bytes.pdf ia64-cycles.pdf ia64-classes.pdf ia64-map.pdf ia64-stacked.pdf, a CSV beside each, ia64.tex >>"$folder/README.txt"
}

write_all() {
    printf '\\documentclass{article}\n\\usepackage{booktabs}\n\\usepackage{graphicx}\n\\begin{document}\n'
    for table in "$folder"/*.tex; do
        [ "$(basename "$table")" = all.tex ] || printf '\\input{%s}\n' "$(basename "$table" .tex)"
    done
    for figure in "$folder"/*.pdf; do
        [ "$(basename "$figure")" = all.pdf ] || printf '\\begin{figure}\\centering\\includegraphics[width=8.5cm,height=20cm,keepaspectratio]{%s}\\caption{%s}\\end{figure}\n' "$(basename "$figure")" "$(basename "$figure" .pdf)"
    done
    printf '\\end{document}\n'
}

native_record=$(tools/newest.sh "$lab" "$results" pingpong cycles)
ia64_record=$(tools/newest.sh "$lab" "$results" figures ia64sim)
[ -n "$native_record$ia64_record" ] || fail "no record in $results has figures; make bench writes one" 2
command -v gnuplot >/dev/null || fail "skipped: gnuplot is not installed; make deps installs it" 77
mkdir -p "$folder"
rm -f "$folder"/*.pdf "$folder"/*.csv "$folder"/*.tex "$folder"/*.svg
printf 'Figures (PDF), their data (CSV) and tables (LaTeX, needs the package booktabs), and where they come from.\n\n' >"$folder/README.txt"
[ -z "$native_record" ] || native "$native_record" || fail "drawing $native_record failed"
[ -z "$ia64_record" ] || ia64 "$ia64_record" || fail "drawing $ia64_record failed"
rm -f "$folder"/*.svg
write_all >"$folder/all.tex"
echo "$folder"
