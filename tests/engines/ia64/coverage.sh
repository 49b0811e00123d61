#!/bin/bash
# Line coverage of engines/ia64 by its tests, by gcov:  coverage.sh BUILD_FOLDER
# Builds everything there with --coverage, runs the tests and prints the share of each file and of all.
# Handlers return to a loop: counters behind calls would keep them from jumping to each other.
build=${1:?usage: coverage.sh BUILD_FOLDER}
flags="-std=gnu11 -O1 -DIA64_NO_TAIL_CALLS -g --coverage -fprofile-update=single"
find "$build" -name '*.gcda' -delete 2>/dev/null
${MAKE:-make} --no-print-directory B="$build" CFLAGS="$flags ${COVERAGE_FLAGS:-}" LDFLAGS=--coverage test-ia64 >"$build.log" 2>&1 ||
    echo "some tests failed, see $build.log"
find "$build" -name '*.gcda' | while read -r data; do
    gcov --no-output --relative-only -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk '
    /^File / { gsub(/\x27/, ""); file = $2 }
    /^Lines executed/ && file ~ /^engines\/ia64\// && file !~ /ia64sim\.c$/ {
        split($0, part, /[:% ]+/); share = part[3]; lines = part[5]
        if (!(file in total) || share > best[file]) best[file] = share
        total[file] = lines; file = "" }
    END { for (file in total) { printf "%6.2f%% of %5d  %s\n", best[file], total[file], file
              covered += best[file] * total[file] / 100; all += total[file] }
          if (!all) { print "nothing was measured"; exit 1 }
          printf "%6.2f%% of %5d  engines/ia64\n", 100 * covered / all, all }' | sort -k4
