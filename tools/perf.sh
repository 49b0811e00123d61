#!/bin/sh
# perf.sh SWITCHLAB SWITCHER [annotate]: one switcher's loop alone under `perf stat`, for people who want to look themselves; with
# `annotate`, where its time goes. Exit 77 without perf. ITERATIONS=n round trips (default 50000000).
# shellcheck disable=SC2086 # $loop is a list of words
set -eu

lab=$1 switcher=$2 annotate=${3:-}
iterations=${ITERATIONS:-50000000}

# the wrapper that Debian installs is there even when no perf of this kernel is
perf --version >/dev/null 2>&1 || { echo "perf: skipped: perf is not installed (make deps perf)" >&2; exit 77; }

loop="loop --switcher $switcher"
"$lab" $loop --iterations 1 2>/dev/null || loop="$loop --transfer jmp" # of several transfers, jmp
"$lab" $loop --iterations 1 || exit $?

can_count() { perf stat -e "$1" true 2>&1 | grep -q "^ *[0-9][0-9.,]* .*$1"; }
paranoid() { cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null || echo unknown; }

# what is left without a PMU
software=task-clock,context-switches,cpu-migrations,page-faults
if can_count cycles:u; then
    perf stat -e "$software" -e cycles:u,instructions:u,branches:u,branch-misses:u -- "$lab" $loop --iterations "$iterations"
elif can_count task-clock; then
    echo "perf: no hardware counters here (a virtual machine mostly has no PMU; kernel.perf_event_paranoid is $(paranoid)):" \
        "cycles and instructions can't be shown, only what the kernel counts" >&2
    perf stat -e "$software" -- "$lab" $loop --iterations "$iterations"
else
    echo "perf: skipped: no permission to count (kernel.perf_event_paranoid is $(paranoid)): as root," \
        "sysctl kernel.perf_event_paranoid=2" >&2
    exit 77
fi
[ -n "$annotate" ] || exit 0

data=$(mktemp)
trap 'rm -f "$data"' EXIT
trap 'exit 130' INT TERM
event=cycles:u
can_count $event || event=cpu-clock:u # a timer instead: samples fall a little late
perf record -q -e $event -o "$data" -- "$lab" $loop --iterations "$iterations"
perf annotate --stdio --percent-limit 1 -i "$data" 2>/dev/null
