#!/bin/sh
# tools/test.sh: the verdict of each kind of test, together and alone.
set -u
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

# program NAME LINE: a test that is LINE
program() {
    printf '#!/bin/sh\n%s\n' "$2" >"$dir/$1"
    chmod +x "$dir/$1"
}
program good  'echo said by good'
program bad   'echo said by bad; exit 3'
program skips 'echo first; echo the reason; exit 77'
program hangs 'sleep 60'
program stays 'trap "" TERM; while :; do sleep 1; done'
program dies  'kill -SEGV $$'
program long  "seq 30000; touch \$0.done; until [ -e $dir/long.done ] && [ -e $dir/long2.done ]; do sleep 0.01; done; exit 1"
cp "$dir/long" "$dir/long2"
program meets "echo in >>$dir/log; sleep 0.5; echo out >>$dir/log"
cp "$dir/meets" "$dir/meets2"
program kills 'kill -KILL $(sed -n "s/^PPid:.//p" /proc/$PPID/status)'
program cpus  'taskset -cp $$; exit 1'

for JOBS in 1 4; do
    export JOBS
    run="env LIMIT=1 tools/test.sh"
    expect "$JOBS at a time: all pass" 0 '^2 passed, 0 failed, 0 skipped$' $run "$dir/good" "$dir/meets"
    expect "nothing is said by what passes" 1 '' sh -c "$run $dir/good $dir/good | grep 'said by'"
    expect "one fails"           1 '^1 passed, 1 failed, 1 skipped$' $run "$dir/bad" "$dir/good" "$dir/skips"
    expect "with its code"       1 "^FAIL $dir/bad .exit code 3.$" $run "$dir/bad" "$dir/good"
    expect "and what it said"    1 '^said by bad$' $run "$dir/good" "$dir/bad"
    expect "a skip is no failure" 0 "^skip $dir/skips: the reason$" $run "$dir/good" "$dir/skips"
    expect "what takes too long" 1 "^FAIL $dir/hangs .not done in 1 s.$" $run "$dir/hangs" "$dir/good"
    expect "a crash"             1 "^FAIL $dir/dies .exit code 139.$" $run "$dir/good" "$dir/dies"
    expect "what is not there"   1 "^FAIL $dir/none .exit code 127.$" $run "$dir/good" "$dir/none"
    expect "no test at all"      0 '^0 passed, 0 failed, 0 skipped$' $run
done
expect "what does not end when told so" 1 "^FAIL $dir/stays .exit code 137.$" env LIMIT=1 tools/test.sh "$dir/stays"
expect "a failure of what runs alone" 1 '^1 passed, 1 failed' env ALONE="$dir/bad" tools/test.sh "$dir/bad" "$dir/good"
expect "each output in one piece" 0 '^2$' sh -c "tools/test.sh $dir/long $dir/long2 | awk '/^[0-9]+\$/ { n = \$1 == 1 || \$1 == n + 1 ? \$1 : 0; whole += n == 30000 } END { print whole }'"
expect "a test without a verdict has failed" 1 '^[01] passed, [12] failed' tools/test.sh "$dir/kills" "$dir/good"

# order NAME ALONE TEXT: how two tests that take half a second lie to each other
order() {
    rm -f "$dir/log"
    expect "$1"                  0 '^2 passed' env ALONE="$2" tools/test.sh "$dir/meets" "$dir/meets2"
    expect "$1: in this order"   0 "$3" sh -c "tr '\n' ' ' <$dir/log"
}
order "two at a time meet"       '' '^in in out out'
order "one alone meets nobody"   "$dir/meets" '^in out in out'
if [ "$(nproc)" -gt 1 ]; then
    expect "each job has a CPU"  1 'list: [0-9]+$' tools/test.sh "$dir/cpus" "$dir/good"
    expect "what is alone has all" 1 'list: [0-9]+[-,]' env ALONE="$dir/cpus" tools/test.sh "$dir/cpus" "$dir/good"
fi
expect_end
