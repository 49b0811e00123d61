#!/bin/sh
# crosscheck.sh SWITCHLAB SWITCHER [TRANSFER]: is the lab's figure what a stopwatch says? hyperfine times whole processes of 10^7 and
# of 2*10^7 switches, so that starting a process cancels; the lab measures the same switcher on the same CPU in turns with it.
# Prints both in ns per switch; exit 0 when they agree within LIMIT percent, 1 when not, 77 without hyperfine.
# CPU=n (default: the last one allowed), LIMIT=5, ROUNDS=5, RUNS=10 (processes a length and round).
set -eu

lab=$1 switcher=$2 transfer=${3:-}
limit=${LIMIT:-5} rounds=${ROUNDS:-5} runs=${RUNS:-10}
trips=5000000 # round trips: 2 switches each

for tool in hyperfine taskset; do
    command -v $tool >/dev/null || { echo "crosscheck: skipped: $tool is not installed (make deps crosscheck)" >&2; exit 77; }
done
cpu=${CPU:-$(taskset -pc $$ | sed 's/.*[ ,-]//')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

on_cpu() { taskset -c "$cpu" "$@"; }
chosen() { # options that choose one switcher: of several transfers, jmp
    if [ -n "$transfer" ]; then echo "--transfer $transfer"
    elif "$lab" loop --switcher "$switcher" --transfer jmp --iterations 1 2>/dev/null; then echo "--transfer jmp"
    fi
}
choice="--switcher $switcher $(chosen)"
# shellcheck disable=SC2086 # options are words
"$lab" loop $choice --iterations 1 || exit $?

# ns per switch, by processor time and by the wall, of the fastest processes of either length: what disturbs a process only adds
# time. Processor time (user + system) is compared: the wall also counts when others have the CPU
whole() {
    set --
    for _ in $(seq "$runs"); do
        set -- "$@" "$lab loop $choice --iterations $trips" "$lab loop $choice --iterations $((2 * trips))"
    done
    on_cpu hyperfine --shell=none --style=none --runs 1 --export-csv "$work/times" "$@" >/dev/null 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
    awk -F, -v n=$trips 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { time["cpu"] = $column["user"] + $column["system"]; time["wall"] = $column["min"]
          for (by in time) if (!((by, NR % 2) in least) || time[by] < least[by, NR % 2]) least[by, NR % 2] = time[by] }
        function per_switch(by) { return (least[by, 1] - least[by, 0]) * 1e9 / (2 * n) }
        END { print per_switch("cpu"), per_switch("wall") }' "$work/times"
}
lab_ns() {
    # shellcheck disable=SC2086
    on_cpu "$lab" run --experiment pingpong $choice --quick --out "$work/record" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    sed -n '/"type": *"result"/s/.*"ns": *{\([^}]*\)}.*/\1/p' "$work/record" | sed -n 's/.*"value": *\([-+.eE0-9]*\).*/\1/p' | tail -n 1
}

echo "crosscheck: $switcher${transfer:+ ($transfer)} on CPU $cpu, $rounds rounds of $runs processes of $((2 * trips)) switches and twice that"
: >"$work/rounds"
for round in $(seq "$rounds"); do
    a=$(whole)
    b=$(lab_ns)
    [ -n "$b" ] || { echo "crosscheck: the lab recorded no ns for $switcher; see: $lab run $choice --quick" >&2; exit 1; }
    echo "$a $b" >>"$work/rounds"
    echo "$round $a $b" | awk '{ printf "  round %d: whole processes %.4f ns (fastest by the wall %.4f), the lab %.4f ns\n", $1, $2, $3, $4 }'
done

middle() { cut -d' ' -f"$1" "$work/rounds" | sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2, v[1], v[NR] }'; }
printf '%s %s\n' "$(middle 1)" "$(middle 3)" | awk -v limit="$limit" -v what="$switcher" '{
    off = 100 * ($4 / $1 - 1)
    printf "  whole processes: median %.4f ns per switch (%.4f to %.4f)\n", $1, $2, $3
    printf "  the lab:         median %.4f ns per switch (%.4f to %.4f)\n", $4, $5, $6
    agree = off <= limit && off >= -limit
    printf "crosscheck: %s: the lab is %.2f%% %s whole processes: %s the limit of %g%%\n",
        what, off < 0 ? -off : off, off < 0 ? "below" : "above", agree ? "within" : "outside", limit
    exit !agree
}'
