#!/bin/sh
# Programs with golden outputs and exact instruction counts. B is the build folder.
B=${B:-build}
COUNT=ours exec tests/engines/ia64/run_programs.sh "$B/ia64sim" "$B/ia64/programs"
