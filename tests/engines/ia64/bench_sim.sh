#!/bin/bash
# Instructions per second of the simulator on the speed programs, beside Ski's when it is there.
#   bench_sim.sh IA64SIM FOLDER_OF_ELF_FILES       RUNS (5), CPU (1), SKI (bski on the PATH)
# The two run alternately, so that the ratio is of neighbours in time; medians are printed.
simulator=$1 elf=$2 runs=${RUNS:-5}
[ -x "$simulator" ] && [ -d "$elf" ] || { echo "usage: $0 IA64SIM FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
ski=${SKI:-$(command -v bski)}
pin="taskset -c ${CPU:-1}"
$pin true 2>/dev/null || pin=

seconds() { # of a command, wall clock
    local start=$EPOCHREALTIME
    "$@" >/dev/null 2>&1 </dev/null
    echo "$EPOCHREALTIME $start" | awk '{print $1 - $2}'
}
median() { sort -g | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'; }

printf '%-12s %14s %12s %12s %8s   medians of %d runs\n' program instructions 'ours M/s' 'Ski M/s' ratio "$runs"
for name in sp_int sp_spill; do
    count=$(awk -F'\t' -v n=$name '$1 == n {print $4}' "$here/programs/MANIFEST.tsv")
    : >"/tmp/ours.$$" >"/tmp/ski.$$" >"/tmp/ratio.$$"
    for _ in $(seq "$runs"); do
        a=$(seconds $pin "$simulator" "$elf/$name.elf")
        awk -v c="$count" -v s="$a" 'BEGIN {print c / s / 1e6}' >>"/tmp/ours.$$"
        [ -n "$ski" ] || continue
        b=$(seconds $pin "$ski" -noconsole -nonet "$elf/$name.elf")
        awk -v c="$count" -v s="$b" 'BEGIN {print c / s / 1e6}' >>"/tmp/ski.$$"
        awk -v a="$a" -v b="$b" 'BEGIN {print b / a}' >>"/tmp/ratio.$$"
    done
    if [ -n "$ski" ]; then
        printf '%-12s %14d %12.1f %12.1f %8.2f\n' $name "$count" "$(median <"/tmp/ours.$$")" "$(median <"/tmp/ski.$$")" \
            "$(median <"/tmp/ratio.$$")"
    else
        printf '%-12s %14d %12.1f %12s %8s\n' $name "$count" "$(median <"/tmp/ours.$$")" - -
    fi
done
rm -f "/tmp/ours.$$" "/tmp/ski.$$" "/tmp/ratio.$$"
[ -n "$ski" ] || echo "Ski: skipped, bski is not on the PATH and SKI is not set"
