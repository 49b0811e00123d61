#!/bin/bash
# parallel.sh DIR [OPTION...]: a campaign on a handful of hosts, by GNU parallel over ssh. OPTIONs are those of `switchlab campaign`. Each host
# has this tree, built, at the same path, and rsync; no shared file system is needed, the shards come back here. Shards that are there are
# kept. From the environment:
#   HOSTS       as --sshlogin takes them: 8/one,4/user@two; ":" is this machine
#   SHARDS      how many (64); RETRIES (3), each on another host if there is one
#   DRY=1       print the commands, run none
set -eu
[ $# -ge 1 ] || { echo "usage: HOSTS=one,two fleet/parallel.sh DIR [OPTION of switchlab campaign...]" >&2; exit 2; }
[ -n "${HOSTS:-}" ] || { echo "parallel.sh: HOSTS names no host, e.g. HOSTS=one,two" >&2; exit 2; }
command -v parallel >/dev/null || { echo "parallel.sh: skipped: GNU parallel is not installed (package parallel)" >&2; exit 77; }
lab=$(realpath "${B:-build}/switchlab") dir=$1
shift
shards=${SHARDS:-64}
mkdir -p "$dir"
first=$("$lab" campaign "$@" --shard "0/$shards" --out "$dir" --path)
name=$(basename "${first%.0-of-*}")

missing=()
for ((i = 0; i < shards; i++)); do [ -e "$dir/$name.$i-of-$shards.jsonl" ] || missing+=("$i"); done
if [ ${#missing[@]} -gt 0 ]; then
    log=joblog.$(date -u +%Y%m%dT%H%M%SZ)
    printf '%s\n' "${missing[@]}" | (cd "$dir" && parallel --will-cite ${DRY:+--dry-run} --sshlogin "$HOSTS" --workdir ... --cleanup \
        --return "$name.{}-of-$shards.jsonl" --retries "${RETRIES:-3}" --joblog "$log" \
        "$(printf '%q ' "$lab" campaign "$@") --shard {}/$shards --out . >/dev/null") ||
        { [ -n "${DRY:-}" ] || { echo "parallel.sh: some shards failed, see $dir/$log; run it again: what is done is kept" >&2; exit 1; }; }
fi
[ -n "${DRY:-}" ] || "$lab" merge "$dir"
