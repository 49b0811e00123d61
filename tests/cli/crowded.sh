#!/bin/sh
# crowded.sh FAULTY FOLDER CROWD [OPTION...]: a run on the engine of faulty.c whose processes find their core shared CROWD times:
# how many were shared in the end, their figures, those set aside, and how many processes it took
set -u
faulty=$1 dir=$2 crowd=$3
shift 3
rm -f "$dir/crowd" "$dir/crowd.jsonl"
CROWD=$crowd CROWD_LOG=$dir/crowd "$faulty" run -E crowded -a "$(uname -m)" -s pip -t jmp -m none -e pingpong -p 4 "$@" --out "$dir/crowd.jsonl" >/dev/null 2>&1
grep -o '"core_shared": *[0-9]*\|"ns": *\[[^]]*\]' "$dir/crowd.jsonl" | tr -d ' \n'
echo " $(wc -l <"$dir/crowd") processes"
