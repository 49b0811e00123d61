#!/bin/sh
# compare, baseline and noise from outside: options, exit codes, and a real alarm with its rerun.
set -u
B=${B:-build}
lab=$B/switchlab
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

for command in compare baseline noise; do
    expect "$command --help"             0 "Usage: switchlab $command" "$lab" $command --help
    expect "$command: unknown option"    2 'unrecognized option' "$lab" $command --fast
done
expect "compare of nothing"              2 'name two record files' "$lab" compare
expect "compare of one"                  2 'name two record files' "$lab" compare a
expect "compare of three"                2 "unexpected argument 'c'" "$lab" compare a b c
expect "a threshold that is none"        2 "from 0 to 1000, not 'x'" "$lab" compare -t x a b
expect "a negative threshold"            2 "from 0 to 1000, not '-1'" "$lab" compare --threshold=-1 a b
expect "NaN as threshold"                2 "from 0 to 1000, not 'nan'" "$lab" compare -t nan a b
expect "an unknown gate"                 2 "counts, time or none, not 'all'" "$lab" compare -g all a b
expect "unknown annotations"             2 "knows github, not 'gitlab'" "$lab" compare --annotate gitlab a b
expect "a file that is not there"        2 "cannot read the record $dir/none" "$lab" compare "$dir/none" "$dir/none"
expect "baseline of nothing"             2 'name the record file' "$lab" baseline
expect "baseline of two"                 2 "unexpected argument 'b'" "$lab" baseline a b
expect "one A/A run is none"             2 "from 2 to 100, not '1'" "$lab" noise -n 1
expect "noise of nothing"                1 'a run failed' "$lab" noise -n 2 -s nosuch -r "$dir/noise"
expect "a point that is none"            2 "NAME=VALUE.*not 'live'" "$lab" run --point live
expect "no such point"                   77 'nothing to run' "$lab" run -s pip -e pressure --point live=99 --out "$dir/none.jsonl"

# exact figures: equal to themselves, and a change of one instruction is found and named
expect "exact figures alone"             0 '' "$lab" run --exact -s pip -t jmp -e pingpong --out "$dir/exact.jsonl"
expect "they have no times"              1 '' grep -q measured "$dir/exact.jsonl"
expect "one point of many"               0 '' "$lab" run --exact -s pip -e pressure --point live=2,file=int,use=used --out "$dir/point.jsonl"
expect "it is the one"                   0 '^1$' grep -c '"params":{"live":2,"file":"int","use":"used"}' "$dir/point.jsonl"
expect "a first baseline"                0 ' 1 cells, new' "$lab" baseline -d "$dir" "$dir/exact.jsonl"
expect "nothing changed"                 0 'all equal' "$lab" compare "$dir" "$dir/exact.jsonl"
# instructions WAS IS FILE: another count in a record
instructions() { sed -i "s/\"instructions\":{\"value\":$1\([^}]*\)\"lo\":$1,\"hi\":$1/\"instructions\":{\"value\":$2\1\"lo\":$2,\"hi\":$2/" "$3"; }
n=$(sed -n 's/.*"instructions":{"value":\([0-9.]*\),.*/\1/p' "$dir/exact.jsonl") # as a record writes it: 11.0, or 10.5 where a compiler unrolls
more=$(awk "BEGIN { printf \"%.1f\", $n + 1 }") less=$(awk "BEGIN { printf \"%.1f\", $n - 1 }")
instructions "$n" "$more" "$dir/exact.jsonl"
expect "one instruction more is found and named" 1 "FAIL pingpong pip jmp x86_64 native: instructions ${more%.0}, was ${n%.0}" "$lab" compare "$dir" "$dir/exact.jsonl"
expect "no gate, no failure"             0 'note pingpong pip' "$lab" compare -g none "$dir" "$dir/exact.jsonl"
expect "another compiler is a skip"      77 'skipped: no baseline .*gcc-99-O2' sh -c "sed -i 's/\"compiler\":\"[^\"]*\"/\"compiler\":\"gcc 99.0 -O2\"/' $dir/exact.jsonl; $lab compare $dir $dir/exact.jsonl"

# times: scratch passed off as pip is slower, and running both again says that it is not: they are the same program
expect "a record"                        0 '' "$lab" run -s '@(pip|scratch)' -t jmp -e pingpong --out "$dir/base.jsonl"
expect "itself is the same"              0 'same|not enough' "$lab" compare -g time "$dir/base.jsonl" "$dir/base.jsonl"
sed '/"switcher":"pip"/d; s/"switcher":"scratch"/"switcher":"pip"/' "$dir/base.jsonl" >"$dir/new.jsonl"
printf '{"cells":{"pingpong pip jmp x86_64 native":{"floor":0.9}}}' >"$dir/floor.json"
expect "a slower one is an alarm"        1 'slower, unconfirmed' "$lab" compare -g time "$dir/base.jsonl" "$dir/new.jsonl" --noise "$dir/floor.json"
expect "that a rerun does not confirm"   1 'slower, not confirmed' "$lab" compare -g time --confirm --base-program "$lab" --results "$dir/again" --noise "$dir/floor.json" "$dir/base.jsonl" "$dir/new.jsonl"
expect "its records are kept"            0 'confirm-base-.*jsonl' ls "$dir/again"
expect "a program that is none"          1 'unconfirmed: /nonexistent' "$lab" compare -g time --confirm --base-program /nonexistent --results "$dir/again" --noise "$dir/floor.json" "$dir/base.jsonl" "$dir/new.jsonl"
expect "floors that are none"            1 "$dir/base.jsonl:[0-9]+: not noise floors" "$lab" compare "$dir/base.jsonl" "$dir/new.jsonl" --noise "$dir/base.jsonl"
expect "noise"                           0 'noise floors of this machine: .*noise-.*json' "$lab" noise -n 2 -s pip -t jmp -r "$dir/noise"
expect "and compare finds it"            0 'pingpong pip jmp x86_64 native [^~]*$' "$lab" compare -g none -r "$dir/noise" "$dir/base.jsonl" "$dir/base.jsonl"

# regress as a whole, beside a tampered baseline
mkdir -p "$dir/tree/results/baseline" "$dir/tree/build"
"$lab" run --exact -s pip -t jmp -e pingpong --out "$dir/right.jsonl" >/dev/null 2>&1
ln -sf "$(realpath "$lab")" "$dir/tree/build/switchlab"
regress="cd $dir/tree && $PWD/tools/regress.sh build results"
"$lab" baseline -d "$dir/tree/results/baseline" "$dir/right.jsonl" >/dev/null
expect "regress: nothing changed"        0 'all equal' sh -c "$regress $dir/right.jsonl"
expect "regress: no times of this machine is a skip" 0 'times: skipped: results/times.jsonl is not there' sh -c "$regress $dir/right.jsonl"
expect "regress: another compiler is a skip" 0 'skipped: no baseline' sh -c "$regress $dir/exact.jsonl"
instructions "$n" "$less" "$dir/tree/results/baseline/x86_64-"*.jsonl
expect "regress: a change fails"         1 "instructions ${n%.0}, was ${less%.0}" sh -c "$regress $dir/right.jsonl"

# files that are no record of this schema, to show and to compare: a stated error with file (and line, where it has lines), never a crash
seed=tests/records/seed.jsonl bad=$dir/bad
each() { # NAME CODE TEXT: of the file $bad
    expect "show: $1"              "$2" "$3" "$lab" show "$bad"
    expect "compare: $1 as BASE"   "$2" "$3" "$lab" compare "$bad" $seed
    expect "compare: $1 as NEW"    "$2" "$3" "$lab" compare $seed "$bad"
    rm -rf "$bad"
}
head -c 20000 $seed >"$bad";                              each "a truncated record" 1 "$bad:[0-9]+: the line is truncated"
: >"$bad";                                                each "an empty file" 2 "$bad holds no"
each "a file that is not there" 2 "cannot read the record $bad: No such file"
mkdir "$bad"
expect "show: a folder"           2 "cannot read the record $bad: Is a directory" "$lab" show "$bad"
expect "compare: a folder as NEW" 2 "cannot read the record $bad: Is a directory" "$lab" compare $seed "$bad"
expect "compare: a record of several architectures has no one baseline" 2 'results of several architectures' "$lab" compare "$bad" $seed
rm -r "$bad"
printf 'name,iterations,real_time\npip,1,2\n' >"$bad";    each "a CSV file" 2 "$bad:1: not JSON"
printf '{"context":{},"benchmarks":[]}\n' >"$bad";        each "another tool's JSON" 2 "$bad:1: type is missing"
head -c 3000 "$lab" >"$bad";                              each "a program" 2 "$bad:1: "
sed 's/"schema":1/"schema":2/' $seed >"$bad";             each "a record of a later schema" 2 "$bad:1: schema is 2, this program knows"
sed 's/"value":9,/"value":NaN,/' $seed >"$bad";           each "NaN for a figure" 1 "$bad:[0-9]+: not JSON"
sed 's/"value":9,/"value":1e999,/' $seed >"$bad";         each "a figure out of range" 1 "$bad:[0-9]+: not JSON"
sed 's/"value":9,/"value":"9",/' $seed >"$bad";           each "a text for a figure" 1 "$bad:[0-9]+: metrics.instructions.value is not a number"
sed 's/"value":9,/"value":-9,/' $seed >"$bad";          each "a figure outside of its bounds" 1 "$bad:[0-9]+: metrics.instructions.value -9 is outside"
grep -v '"type":"run"' $seed >"$bad";                     each "results without their run" 2 "$bad:1: no line before it describes its run"
tr '\n' ' ' <$seed >"$bad";                               each "one endless line" 2 "$bad:1: "
printf '\357\273\277' | cat - $seed >"$bad";              each "a byte order mark" 1 "$bad:1: not JSON"
sed 's/"experiment":"[a-z]*"/"experiment":"other"/; s/"what"/"wha"/' $seed | grep -v skip >"$bad"
expect "compare: no common cell"  2 'have no cell in common' "$lab" compare $seed "$bad"
sed 's/"family":[0-9]*/"family":6/' $seed >"$bad"
expect "compare: another machine: counts only" 0 'Times: not compared: the machines differ' "$lab" compare $seed "$bad"
expect "compare: another machine: counts are equal" 0 'all equal' "$lab" compare $seed "$bad"
sed 's/\("samples":{"cycles":\[\)[0-9.]*/\10.0/' $seed >"$bad"
expect "compare: a time of zero"  0 'no ratio: a sample is' "$lab" compare $seed "$bad"
sed 's/\("samples":{"cycles":\[\)[0-9.]*/\1-3.0/' $seed >"$bad"
expect "compare: a negative time" 0 'no ratio: a sample is' "$lab" compare $seed "$bad"

# a disk that fills up under a baseline: the old one stays
if mkdir "$dir/disk" && mount -t tmpfs -o size=8k none "$dir/disk" 2>/dev/null; then
    "$lab" baseline -d "$dir/disk" "$dir/right.jsonl" >/dev/null
    cp "$dir/disk"/*.jsonl "$dir/kept"
    head -c 16000 /dev/zero >"$dir/disk/full" 2>/dev/null
    expect "disk full: said"      1 'No space left' "$lab" baseline -d "$dir/disk" "$dir/right.jsonl"
    expect "disk full: the old baseline stays" 0 '' sh -c "cmp $dir/disk/*.jsonl $dir/kept && ! ls $dir/disk/*.new"
    umount "$dir/disk"
else
    echo "disk full under a baseline: not tried: no file system can be mounted here"
fi

# the exact interval of a proportion, against its tables
expect "none of 200"                     0 '^0 200 0.00 0.00 1.83$' awk -v k=0 -v n=200 -f tools/proportion.awk
expect "2 of 200"                        0 '^2 200 1.00 0.12 3.57$' awk -v k=2 -v n=200 -f tools/proportion.awk
expect "99 of 100"                       0 '^99 100 99.00 94.55 99.9[0-9]$' awk -v k=99 -v n=100 -f tools/proportion.awk
expect "all of 100"                      0 '^100 100 100.00 96.38 100.00$' awk -v k=100 -v n=100 -f tools/proportion.awk
expect_end
