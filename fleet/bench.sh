#!/bin/bash
# bench.sh DIR [OPTION...]: times, on one exclusive node of each hardware class, by Slurm. OPTIONs are those of `switchlab run`. Each class has
# a folder of its own in DIR with its records: times of different machines are laid side by side (switchlab show), never put together. DIR and
# this tree, built, are on a file system that the nodes share. From the environment:
#   CLASSES     what --constraint takes, e.g. "zen4 icelake"; needed
#   PARTITION, TIME (00:30:00); DRY=1  print the commands, run none
set -eu
[ $# -ge 1 ] || { echo "usage: CLASSES='zen4 icelake' fleet/bench.sh DIR [OPTION of switchlab run...]" >&2; exit 2; }
[ -n "${CLASSES:-}" ] || { echo "bench.sh: CLASSES names no hardware class, e.g. CLASSES='zen4 icelake'" >&2; exit 2; }
[ -n "${DRY:-}" ] || command -v sbatch >/dev/null || { echo "bench.sh: skipped: no sbatch here; on each machine, make bench does the same" >&2; exit 77; }
lab=$(realpath "${B:-build}/switchlab") dir=$(realpath -m "$1")
shift

jobs=()
for class in $CLASSES; do
    run=$(printf '%q ' "$lab" run --results "$dir/$class" "$@")
    command=(sbatch --wait --exclusive --nodes=1 --job-name="bench-$class" --constraint="$class" ${PARTITION:+--partition="$PARTITION"}
        --time="${TIME:-00:30:00}" --output="$dir/$class/log" --wrap="$run")
    if [ -n "${DRY:-}" ]; then printf '%q ' "${command[@]}"; echo; continue; fi
    mkdir -p "$dir/$class"
    "${command[@]}" >/dev/null &
    jobs+=("$class:$!")
done

failed=0
for job in "${jobs[@]}"; do
    class=${job%:*}
    if wait "${job##*:}" && [ -e "$dir/$class/latest.jsonl" ]; then
        echo "$class: $dir/$class/latest.jsonl"
    else
        echo "bench.sh: no records of $class, see $dir/$class/log" >&2
        failed=1
    fi
done
exit $failed
