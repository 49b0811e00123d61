#!/bin/sh
# baseline.sh BUILD RESULTS RECORD...: keeps the exact figures of each record in results/baseline, which is committed; and, for
# this machine alone, its times in RESULTS/times.jsonl with the program that gave them, so that an alarm can run it again.
set -eu
build=$1 results=$2
shift 2
lab=$build/switchlab

mkdir -p results/baseline "$results/program"
for record in "$@"; do
    "$lab" baseline "$record"
done
rm -f "$results/times.jsonl"
"$lab" run --experiment pingpong --out "$results/times.jsonl" >"$build/times.log" 2>&1 || { cat "$build/times.log" >&2; exit 1; }
cp "$lab" "$lab".[0-9] "$results/program/"
echo "$results/times.jsonl: times of this machine, for \`make regress\` here"
