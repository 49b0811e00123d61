#!/bin/sh
# test.sh PROGRAM...: runs the tests, JOBS at a time (as many as there are CPUs), each on a CPU of its own; then those that $ALONE
# names, one by one, on all CPUs. 0 passes, 77 is a skip with its reason, anything else fails, as does what takes longer than LIMIT
# seconds. Prints what did not pass; the output of a test stays in one piece.
set -u
# a switcher that crashes on purpose must die of its signal, as it does without the sanitizers
export ASAN_OPTIONS="${ASAN_OPTIONS:-handle_segv=0:handle_abort=0}"
limit=${LIMIT:-600}

# one TEST [COMMAND...]: run by COMMAND; adds its verdict to the tally in $folder
one() {
    test=$1 out=$folder/out.$$
    shift
    start=$(date +%s)
    timeout -k 2 "$limit" "$@" "$test" >"$out" 2>&1 </dev/null
    code=$? took=$(($(date +%s) - start))
    case $code in
    0) verdict=passed said="pass $test ($took s)" ;;
    77) verdict=skipped said="skip $test: $(tail -n 1 "$out")" ;;
    124) verdict=failed said="FAIL $test (not done in $limit s)" ;;
    *) verdict=failed said="FAIL $test (exit code $code)" ;;
    esac
    exec 9>>"$folder/tally"
    flock 9
    echo $verdict >&9
    echo "$said"
    [ $verdict != failed ] || cat "$out"
    exec 9>&-
}

# a job of those that run together: a run of the program takes the last CPU that it may, so each job has another
if [ "${1:-}" = --job ]; then
    folder=$2 cpu=$((SLOT % $(nproc)))
    if taskset -c $cpu true 2>/dev/null; then one "$3" taskset -c $cpu; else one "$3"; fi
    exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
touch "$folder/tally" "$folder/together" "$folder/alone"
jobs=${JOBS:-$(nproc)}
[ "$jobs" -gt 1 ] && [ $# -gt 1 ] || ALONE=$*
for test in "$@"; do
    case " ${ALONE:-} " in
    *" $test "*) echo "$test" >>"$folder/alone" ;;
    *) echo "$test" >>"$folder/together" ;;
    esac
done
xargs -a "$folder/together" -r -n 1 -P "$jobs" --process-slot-var=SLOT "$0" --job "$folder"
while read -r test; do one "$test"; done <"$folder/alone"

count() { grep -c "^$1\$" "$folder/tally"; }
passed=$(count passed) skipped=$(count skipped)
# a test without a verdict has failed too
failed=$(($# - passed - skipped))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
