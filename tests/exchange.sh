#!/bin/sh
# export, import, history and report from outside: what other programs read, bad input, bad luck. Made-up records of a month of runs.
set -u
B=${B:-build}
lab=$B/switchlab
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

# a run a day of one machine: 12 days, then 12 days at 8% more and one instruction more; day 5 has a spike
awk -f tests/cli/month.awk >"$dir/month.jsonl"
mkdir "$dir/days"
awk -v dir="$dir/days" '/"type":"run"/ { n++ } { print > sprintf("%s/%02d.jsonl", dir, n) }' "$dir/month.jsonl"
"$lab" run --arch simple --out "$dir/simple.jsonl" >/dev/null 2>&1
first=$dir/days/01.jsonl last=$dir/days/24.jsonl

for command in export import history report; do
    expect "$command --help"     0 "Usage: switchlab $command" "$lab" $command --help
done

# ---- export ----

expect "no format"               2 'format says which format' "$lab" export "$first"
expect "an unknown format: says which exist" 2 "no format is called 'xml'; there are:" "$lab" export --format xml "$first"
expect "the list of formats"     0 'benchfmt +Go' "$lab" export --list
expect "no such file"            2 'nowhere.jsonl: No such file' "$lab" export -f csv "$dir/nowhere.jsonl"
for format in google benchfmt bmf otava otava-yaml csv; do
    expect "export $format"      0 'pip' "$lab" export -f $format "$first"
    expect "$format to a file"   0 '' "$lab" export -f $format -o "$dir/$format" "$first"
    expect "$format: the same"   0 '' sh -c "$lab export -f $format $first | cmp - $dir/$format"
    expect "$format: a full disk" 1 'No space left' sh -c "$lab export -f $format $first >/dev/full"
    expect "$format: a full disk for a file" 1 'No space left' "$lab" export -f $format -o /dev/full "$first"
done
expect "a file that can't be written" 1 "cannot write $dir/none/x" "$lab" export -f csv -o "$dir/none/x" "$first"
expect "a folder of runs"        0 '^25$' sh -c "$lab export -f otava $dir/days | wc -l"
sed 's/"cpu":"[^"]*"/"cpu":"Another"/; s/r01/other/g' "$first" >"$dir/other.jsonl"
expect "otava: two machines are refused" 2 'different machines: choose one with --machine' "$lab" export -f otava "$first" "$dir/other.jsonl"
expect "otava: one is chosen"    0 '' "$lab" export -f otava -M another "$first" "$dir/other.jsonl"
expect "no such machine"         2 'none of these runs has a figure of a machine with VAX' "$lab" export -f csv -M VAX "$first"
grep '"type":"run"' "$first" >"$dir/bare.jsonl"
expect "a run without results"   2 'none of these runs has a figure' "$lab" export -f csv "$dir/bare.jsonl"
sed 's/"ns":/"us":/g' "$first" >"$dir/no-ns.jsonl"
expect "google without times"    2 'results without ns left out.*csv has them' "$lab" export -f google "$dir/no-ns.jsonl"

# ---- bad records, through each command ----

head -c -20 "$first" >"$dir/truncated.jsonl"
{ cat "$first"; echo '{"program":"another","result":3}'; } >"$dir/foreign.jsonl"
sed '1s/"schema":1/"schema":2/' "$first" >"$dir/newer.jsonl"
sed 's/"value":9,/"value":NaN,/' "$first" >"$dir/nan.jsonl"
sed 's/"value":9,/"value":1e999,/' "$first" >"$dir/infinite.jsonl"
: >"$dir/empty.jsonl"
mkdir "$dir/nothing"
for command in "export -f csv" history report; do
    expect "$command: truncated" 1 'truncated.jsonl:3: the line is truncated' "$lab" $command "$dir/truncated.jsonl"
    expect "$command: foreign"   1 'foreign.jsonl:4: type is missing: not a line of a switchlab record' "$lab" $command "$dir/foreign.jsonl"
    expect "$command: a newer schema" 2 'newer.jsonl:1: schema is 2, this program knows 1' "$lab" $command "$dir/newer.jsonl"
    expect "$command: files of two schemas" 1 'newer.jsonl:1: schema is 2' "$lab" $command "$last" "$dir/newer.jsonl"
    expect "$command: NaN"       1 'nan.jsonl:2: not JSON at column' "$lab" $command "$dir/nan.jsonl"
    expect "$command: infinity"  1 'infinite.jsonl:2: not JSON at column.*overflow' "$lab" $command "$dir/infinite.jsonl"
    expect "$command: empty"     2 'empty.jsonl: no run in it' "$lab" $command "$dir/empty.jsonl"
    expect "$command: an empty folder" 2 'nothing holds no records' "$lab" $command "$dir/nothing"
    expect "$command: a folder is no file" 2 '/proc: no run|holds no records' "$lab" $command /proc/self/fd
done
sed 's/"value":3,/"value":-3,/; s/"lo":2.9/"lo":-4/' "$first" >"$dir/negative.jsonl"
sed 's/"value":3,/"value":0,/; s/"lo":2.9/"lo":0/' "$first" >"$dir/zero.jsonl"
for command in "export -f csv" "export -f google" "export -f benchfmt" "export -f bmf" "export -f otava" history; do
    expect "$command: a negative time" 1 'negative.jsonl:2: ns is -3, not positive.*left out' "$lab" $command "$dir/negative.jsonl"
    expect "$command: no time"   1 'zero.jsonl:2: ns is 0, not positive.*left out' "$lab" $command "$dir/zero.jsonl"
done

# ---- history ----

expect "the changes"             0 '24 runs, 4 series, 2 change points' "$lab" history "$dir/days"
expect "their commits"           0 'pip.* ns +2026-01-13.* c12\.\.c13 +3.00 +3.24 +\+8\.0% 0\.001' "$lab" history "$dir/days"
expect "an exact change"         0 'instructions .*c12\.\.c13 +9\.00 +10\.0 .*exact' "$lab" history "$dir/month.jsonl"
expect "a threshold"             0 '1 series, 0 change points' "$lab" history -t 20 -m ns -C '*/pip/*' "$dir/days"
expect "tab-separated"           0 "$(printf 'ns\t24\t12\tr13\t2026-01-13T12:00:00Z\tc12..c13')" "$lab" history --tsv "$dir/days"
expect "too few runs"            0 'fewer than 6 runs: too few' "$lab" history "$first"
expect "the same twice"          0 '' sh -c "$lab history $dir/days >$dir/1; $lab history $dir/month.jsonl | cmp - $dir/1"
expect "nothing chosen"          2 'is of what the options choose' "$lab" history -m nosuch "$dir/days"
expect "a threshold that is none" 2 "takes a number from 0 to 1000, not 'much'" "$lab" history -t much "$dir/days"
expect "a full disk"             1 'No space left' sh -c "$lab history $dir/days >/dev/full"
expect "no history yet"          2 'results' sh -c "cd $dir/nothing && $(pwd)/$lab history"

# ---- report ----

expect "report"                  0 '' "$lab" report -o "$dir/report.html" "$dir/days"
expect "it is whole"             0 '</html>' tail -1 "$dir/report.html"
expect "it asks no network"      1 '' grep -E 'src="http|url\(http|@import' "$dir/report.html"
expect "text of a record is no markup" 0 '&lt;b&gt;x' sh -c "sed 's/Maker/<b>x/' $first >$dir/markup.jsonl; $lab report $dir/markup.jsonl | grep -v '<b>x'"
sed 's#"before":"[^"]*"#"before":"</script>"#' "$dir/simple.jsonl" >"$dir/script.jsonl"
expect "nor does it end a script" 0 'u003c/script>"' sh -c "$lab report $dir/script.jsonl | grep '/script>\"' | grep -v '</script>\"'"
expect "a full disk"             1 'No space left' "$lab" report -o /dev/full "$first"
expect "a page that can't be written" 1 "cannot write $dir/none/x" "$lab" report -o "$dir/none/x" "$first"
expect "figures that are not there" 1 'cannot read the figures in .*/none' "$lab" report -f "$dir/none" -o "$dir/x.html" "$first"
expect "no records"              2 'results' sh -c "cd $dir/nothing && $(pwd)/$lab report"

# several machines: a column each; counts where they differ; maps that are the same, once
sed 's/"cpu":"[^"]*"/"cpu":"Another"/; s/"run":"/"run":"x/; s/:49,/:51,/g' "$dir/month.jsonl" >"$dir/month2.jsonl"
sed 's/"machine_id":"[^"]*"/"machine_id":"x"/; s/"run":"/"run":"x/' "$dir/simple.jsonl" >"$dir/simple2.jsonl"
expect "two machines"            0 '' "$lab" report -o "$dir/two.html" "$dir/month.jsonl" "$dir/month2.jsonl"
expect "side by side"            0 '1: Another.*maker-another-25.17.1-8cores-16gib.*measured.*2: CPU 9.*maker-cpu-9-25.17.1-8cores-16gib.*measured' cat "$dir/two.html"
expect "a count that differs"    0 'instructions \(counted\): 1 of 2 cells that several machines have differ' cat "$dir/two.html"
expect "one machine has no such part" 1 '' grep -E 'id="machines"|#machines' "$dir/report.html"
expect "no experiment in common" 0 'No experiment was run on more than one' "$lab" report "$dir/month.jsonl" "$dir/simple2.jsonl"
expect "the same maps"           0 'The same [0-9]+ maps, cell by cell' "$lab" report "$dir/simple.jsonl" "$dir/simple2.jsonl"
sed 's/"before":"mask/"before":"no mask/' "$dir/simple2.jsonl" >"$dir/simple3.jsonl"
expect "others are drawn"        1 '' sh -c "$lab report $dir/simple.jsonl $dir/simple3.jsonl | grep 'The same'"
sed 's/"experiment":"interruption",//' "$dir/simple.jsonl" >"$dir/nameless.jsonl"
expect "maps without an experiment are drawn" 0 "^$(grep -c '"type":"map"' "$dir/simple.jsonl")\$" sh -c "$lab report $dir/nameless.jsonl | grep -c '<svg class=\"map\"'"

sed '/"switcher":"pip"/{s/"metrics":{/&"cycles":{"value":100,"unit":"cycles","method":"measured","lo":99,"hi":101,"n":9},/; s/"samples":{/&"cycles":[99,99,99,100,100,100,101,101,101],/}' "$first" >"$dir/cycles.jsonl"
expect "nobody's cycles are held against another's nanoseconds" 0 '^<tr><th>pip' sh -c "$lab report $dir/cycles.jsonl | grep -m 1 -o '^<tr><th>[a-z]*'"

# a page that would be too large: it leaves things out and says so
expect "a small limit"           0 'would have [0-9]+ KiB; it has [0-9]+ and leaves out: rows of long tables, what stands behind the cells of maps, figures$' \
    "$lab" report -L 8 -o "$dir/small.html" "$dir/simple.jsonl"
expect "not small enough"        0 'still more than 8 KiB: name fewer records' "$lab" report -L 8 -o "$dir/small.html" "$dir/simple.jsonl"
expect "the page says it"        0 'id="cuts">To stay below 8 KiB this page leaves out: rows of' cat "$dir/small.html"
expect "and is whole"            0 '</html>' tail -1 "$dir/small.html"
expect "no limit"                1 '' sh -c "$lab report -L 0 $dir/simple.jsonl 2>&1 | grep -E 'leaves out|still more'"
expect "a limit that is none"    2 "limit takes a number of KiB from 0 to 1048576, not 'small'" "$lab" report -L small "$dir/simple.jsonl"
# 9000 cells, of which the dearest failed its check
awk '/"type":"run"/ { print } /"switcher":"full"/ { for (i = 0; i < 9000; i++) { line = $0; sub(/"params":{}/, "\"params\":{\"live\":" i "}", line); print line }
     sub(/"status":"pass"/, "\"status\":\"fail\",\"reason\":\"lost rbx\"", line); sub(/,"metrics".*/, "}", line); print line }' "$first" >"$dir/many.jsonl"
expect "many rows"               0 'leaves out: rows of long tables$' "$lab" report -o "$dir/many.html" "$dir/many.jsonl"
expect "less than 1 MiB"         0 '' sh -c "[ \$(wc -c <$dir/many.html) -lt 1048576 ]"
expect "how many are left out"   0 '8952 more rows are left out here' cat "$dir/many.html"
expect "a failure stays"         0 'lost rbx' cat "$dir/many.html"

# ---- import ----

expect "import"                  0 '3 lines of schema 1, 0 left out' "$lab" import "$first" "$dir/new.jsonl"
expect "what an old record lacked is there" 0 '"machine_id":"maker-cpu-9-25.17.1-8cores-16gib"' cat "$dir/new.jsonl"
expect "the rest is the same"    0 '' sh -c "sed 's/,\"machine_id\":\"[^\"]*\"//' $dir/new.jsonl | cmp - $first"
expect "import again"            2 'new.jsonl is there already' "$lab" import "$first" "$dir/new.jsonl"
expect "import: a newer schema"  2 'schema is 2, this program knows 1: a newer switchlab reads it' "$lab" import "$dir/newer.jsonl" "$dir/x.jsonl"
expect "and leaves no file"      1 '' test -e "$dir/x.jsonl"
sed '1s/"schema":1/"schema":0/' "$first" >"$dir/older.jsonl"
expect "import: a schema that never was" 2 "the lab's records begin with schema 1" "$lab" import "$dir/older.jsonl" "$dir/x.jsonl"
expect "import: truncated"       1 'truncated.jsonl:3: the line is truncated' "$lab" import "$dir/truncated.jsonl" "$dir/t.jsonl"
expect "what is whole is there"  0 '^2$' sh -c "grep -c . $dir/t.jsonl"
expect "import: foreign"         1 'foreign.jsonl:4: type is missing' "$lab" import "$dir/foreign.jsonl" "$dir/f.jsonl"
expect "import: empty"           2 'empty.jsonl has no line of a record: it is empty' "$lab" import "$dir/empty.jsonl" "$dir/x.jsonl"
expect "import: no file"         2 'nowhere.jsonl: No such file' "$lab" import "$dir/nowhere.jsonl" "$dir/x.jsonl"
expect "import: one name"        2 'name the file to read and the file to write' "$lab" import "$first"
expect "import: can't be written" 1 'No such file or directory' "$lab" import "$first" "$dir/none/x.jsonl"

# ---- the tools themselves, where they are installed ----

compare=/usr/share/benchmark/compare.py python=/usr/bin/python3
if [ -e $compare ] && $python -c 'import scipy' 2>/dev/null; then
    "$lab" export -f google -o "$dir/a.json" "$first"
    "$lab" export -f google -o "$dir/b.json" "$last"
    expect "Google's compare.py reads it" 0 'pingpong/toy/native/pip/none/jmp_median +\+0\.08' $python $compare --no-color benchmarks "$dir/a.json" "$dir/b.json"
    expect "and makes its U test of the samples" 0 'jmp_pvalue +0\.0' $python $compare --no-color benchmarks "$dir/a.json" "$dir/b.json"
else
    echo "Google's compare.py: not tried: libbenchmark-tools and python3-scipy are not installed (make deps test)"
fi
expect_end
