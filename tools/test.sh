#!/bin/sh
# test.sh PROGRAM...: runs each test; 0 passes, 77 is a skip with its reason, anything else fails. Prints what did not pass.
set -u
passed=0 failed=0 skipped=0
# a switcher that crashes on purpose must die of its signal, as it does without the sanitizers
export ASAN_OPTIONS="${ASAN_OPTIONS:-handle_segv=0:handle_abort=0}"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for test in "$@"; do
    start=$(date +%s)
    timeout 300 "$test" >"$out" 2>&1 </dev/null
    code=$? took=$(($(date +%s) - start))
    case $code in
    0) passed=$((passed + 1)); echo "pass $test ($took s)" ;;
    77) skipped=$((skipped + 1)); echo "skip $test: $(tail -n 1 "$out")" ;;
    *) failed=$((failed + 1)); echo "FAIL $test (exit code $code)"; cat "$out" ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
