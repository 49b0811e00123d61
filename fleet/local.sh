#!/bin/bash
# local.sh DIR [OPTION...]: a campaign on this machine's cores. OPTIONs are those of `switchlab campaign`. Shards that are there are kept,
# so a run that was stopped goes on. From the environment: B, the build folder; SHARDS (4 a core); JOBS (the cores).
set -eu
[ $# -ge 1 ] || { echo "usage: fleet/local.sh DIR [OPTION of switchlab campaign...]" >&2; exit 2; }
dir=$1
shift
lab=${B:-build}/switchlab jobs=${JOBS:-$(nproc)}
shards=${SHARDS:-$((4 * jobs))}
mkdir -p "$dir"
seq 0 $((shards - 1)) | xargs -P "$jobs" -I '{}' "$lab" campaign "$@" --shard "{}/$shards" --out "$dir" >/dev/null ||
    { echo "local.sh: some shards failed; run it again when the cause is gone: what is done is kept" >&2; exit 1; }
"$lab" merge "$dir"
