#!/bin/bash
# slurm.sh DIR [OPTION...]: a campaign as a Slurm job array, with a merge behind it. OPTIONs are those of `switchlab campaign`. DIR is on a
# file system that all nodes share; so is this tree. Shards that are there are kept. From the environment:
#   SHARDS      how many (64); TASKS  array tasks at most (1000: MaxArraySize is 1001 by default); a task takes each TASKS-th shard
#   LIMIT       tasks that run at once; TIME  of a task (01:00:00); CONSTRAINT, PARTITION  the hardware class
#   WAIT=1      come back when the merge is done, with its result; DRY=1  print the commands, run none
set -eu
[ $# -ge 1 ] || { echo "usage: fleet/slurm.sh DIR [OPTION of switchlab campaign...]" >&2; exit 2; }
[ -n "${DRY:-}" ] || command -v sbatch >/dev/null ||
    { echo "slurm.sh: skipped: no sbatch here; ENGINE=parallel HOSTS=... needs ssh alone, ENGINE=local nothing" >&2; exit 77; }
lab=$(realpath "${B:-build}/switchlab") dir=$(realpath -m "$1")
shift
shards=${SHARDS:-64} tasks=${TASKS:-1000}
[ "$tasks" -le "$shards" ] || tasks=$shards
[ -n "${DRY:-}" ] || mkdir -p "$dir/log"

# N is written out: SLURM_ARRAY_TASK_COUNT shrinks when a part of the array is submitted again
campaign="$(printf '%q ' "$lab" campaign "$@") --out $(printf '%q' "$dir")"
task="for ((i = SLURM_ARRAY_TASK_ID; i < $shards; i += $tasks)); do $campaign --shard \$i/$shards || exit; done"
where=(${PARTITION:+--partition="$PARTITION"} ${CONSTRAINT:+--constraint="$CONSTRAINT"})

submit() { if [ -n "${DRY:-}" ]; then { printf '%q ' sbatch "$@"; echo; } >&2; echo JOB; else sbatch "$@"; fi; }
script() { printf '#!/bin/bash\n%s\n' "$1"; }

array=$(script "$task" | submit --parsable --job-name=switchlab --array="0-$((tasks - 1))${LIMIT:+%$LIMIT}" --requeue --ntasks=1 \
    --time="${TIME:-01:00:00}" --output="$dir/log/%A_%a.log" --open-mode=append "${where[@]}")
[ -z "${DRY:-}" ] || script "$task" >&2
merge=$(printf '%q ' "$lab" merge "$dir")
result=0
script "$merge" | submit --parsable ${WAIT:+--wait} --job-name=switchlab-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
    --ntasks=1 --time="${TIME:-01:00:00}" --output="$dir/log/merge.log" --open-mode=truncate "${where[@]}" >/dev/null || result=$?
[ -z "${DRY:-}" ] || { script "$merge" >&2; exit 0; }
echo "job $array: $shards shards in $dir; how far: $lab campaign --status --out $dir"
[ -z "${WAIT:-}" ] || cat "$dir/log/merge.log"
exit $result
