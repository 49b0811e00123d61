#!/bin/bash
# size.sh SWITCHLAB DIR: the page about a run of everything: this CPU, the patent's, every world that is built, 30 runs of history, and three more
# machines (the same records under other names). Prints what it would have and what it has; exit 1 where that is 1 MiB or more. Records are kept in DIR,
# so a second time is quick. BENCH=--quick: a shorter run of this CPU.
set -eu
lab=$1 dir=$2
mkdir -p "$dir"

# record NAME ARGUMENT...: once; what this machine lacks is said by the run itself
record() {
    name=$1
    shift
    [ ! -e "$dir/$name.jsonl" ] || return 0
    rm -f "$dir/$name.part"
    "$lab" run "$@" --out "$dir/$name.part" >"$dir/$name.log" 2>&1 || { tail -5 "$dir/$name.log" >&2; exit 1; }
    mv "$dir/$name.part" "$dir/$name.jsonl"
}
# machine N FILE: its lines as of another machine
machine() {
    sed 's/"machine_id":"[^"]*"/"machine_id":"maker-cpu-'"$1"'-25.1.1-8cores-16gib"/; s/"cpu":"[^"]*"/"cpu":"CPU '"$1"'"/; s/"run":"/"run":"machine-'"$1"'-/' "$2"
}

for i in $(seq 30); do record "history-$i" --quick --experiment pingpong; done
# shellcheck disable=SC2086 # none or one word
record this ${BENCH:-}
record simple --arch simple
record ia64 --arch ia64 --engine ia64sim
record worlds --arch '*-kernel' --engine '@(qemu|kvm)'
record user --arch '@(aarch64|riscv64)'
for n in 2 3 4; do
    for name in this ia64; do machine $n "$dir/$name.jsonl" >"$dir/$name-$n.jsonl"; done
done

tools/report.sh "$lab" "$dir"
whole=$("$lab" report --limit 0 --figures "$dir/report" "$dir" | wc -c)
page=$(wc -c <"$dir/report.html")
echo "report: $(cat "$dir"/*.jsonl | grep -c '^{"type":"run"') runs, $(cat "$dir"/*.jsonl | grep -c '^{"type":"map"') maps: the whole is $((whole / 1024)) KiB, the page $((page / 1024)) KiB"
[ "$page" -lt 1048576 ]
