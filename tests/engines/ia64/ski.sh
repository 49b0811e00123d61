#!/bin/sh
# Random programs on ours, watched and not; then a short comparison with Ski, after a look at whether it can fail: a flipped bit has to
# be found where it is. B is the build folder.
set -u
compare=${B:-build}/ia64/compare_ski
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$compare" -l -n 1000000 >"$log" || { tail -20 "$log"; exit 1; }
"$compare" -n 20000 -x 1234 >"$log"
case $? in
77) cat "$log"; exit 77 ;;
1) ;;
*) echo "a flipped bit was not found:"; cat "$log"; exit 1 ;;
esac
grep -q 'step 1234:' "$log" || { echo "a bit flipped at step 1234 was found elsewhere:"; cat "$log"; exit 1; }
"$compare" -n 2000000
