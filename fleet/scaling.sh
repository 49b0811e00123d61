#!/bin/bash
# scaling.sh: what docs/fleet.md says of scaling, measured: one core against all, what shards cost, and what 1,000 cores would make of all
# triples. About two minutes on a quiet machine; on a busy one the figures say nothing. B is the build folder.
set -eu
lab=${B:-build}/switchlab cores=$(nproc)
campaign=(--arch ia64 --engine ia64sim --interrupts 2 --switcher "${SWITCHER:-pip-one}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# timed NAME SHARDS JOBS: seconds and CPU seconds that a campaign in so many shards takes, so many at once
timed() {
    local TIMEFORMAT='%R %U %S'
    { time seq 0 $(($2 - 1)) | xargs -P "$3" -I '{}' "$lab" campaign "${campaign[@]}" --shard "{}/$2" --out "$dir/$1" >/dev/null; } 2>&1 |
        awk '{ print $1, $2 + $3 }'
}
say() { awk "BEGIN { printf \"$1\\n\", $2 }"; }

"$lab" campaign "${campaign[@]}" --shard 0/64 --out "$dir/warm" >/dev/null
echo "load: $(cut -d ' ' -f 1 /proc/loadavg) on $cores cores; the figures mean something where nothing else runs"
read -r whole whole_cpu < <(timed whole 1 1)
shards=$(awk "BEGIN { n = int($whole / 10 + 0.5); m = n - n % $cores; print m < $cores ? $cores : m }") # of about 10 s, a multiple of the cores
read -r apart apart_cpu < <(timed apart "$shards" 1)
read -r together together_cpu < <(timed together "$shards" "$cores")
for part in whole apart together; do "$lab" merge "$dir/$part" >"$dir/$part.txt" || { cat "$dir/$part.txt"; exit 1; }; done
cmp "$dir/whole/ia64-pairs.jsonl" "$dir/together/ia64-pairs.jsonl"
points=$(sed -n '1s/.*"points":\([0-9]*\),"forms".*/\1/p' "$dir/whole/ia64-pairs.jsonl")
say "one process: %d points in %.2f s, %.0f points/s" "$points, $whole, $points / $whole"
say "$shards shards of %.1f s, one after the other: %.2f s, overhead %.1f%%, by CPU time %.1f%% (goal: under 5%%)" \
    "$apart / $shards, $apart, 100 * ($apart / $whole - 1), 100 * ($apart_cpu / $whole_cpu - 1)"
say "the same on $cores cores: %.2f s, %.2f times as fast as on one (goal on 2: 1.9), by CPU time %.1f%% dearer" \
    "$together, $apart / $together, 100 * ($together_cpu / $apart_cpu - 1)"

hours=$("$lab" campaign --arch ia64 --engine ia64sim --interrupts 3 --list | tee "$dir/triples.txt" | sed -n 's/.*about \([0-9.]*\) core-hours.*/\1/p')
tail -n 1 "$dir/triples.txt"
say "on 1,000 cores, at the efficiency of these $cores (%.0f%%) and the overhead of these shards: %.1f minutes, in %d shards of 10 s" \
    "100 * $apart / $together / $cores, 60 * $hours * ($apart / $whole) / (1000 * $apart / $together / $cores), $hours * 360"
