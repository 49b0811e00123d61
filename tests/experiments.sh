#!/bin/sh
# The experiments of many contexts, sites, extended state and probes from outside. B is the build folder.
set -u
B=${B:-build}
lab=$B/switchlab
. tests/cli/expect.sh

expect "memory that is none"       2 "takes a whole number from 1 to 16777216, not '0'" "$lab" run --memory 0
expect "memory in words"           2 "not 'lots'" "$lab" run --memory lots
expect "points beyond the budget are stated skips" 0 'contexts: 16384 contexts, stacks page, need 64 MiB, more than the budget of 8 MiB' \
    "$lab" run -q -p 1 -s pip -e contexts --memory 8 --out "$dir/few.jsonl"
expect "a skip is said once for all orders" 0 '^1$' sh -c "grep -c '16384 contexts, stacks page' $dir/few.jsonl"
expect "what fits is measured"     0 'ring +page +small 0 +pip +jmp +[0-9.]+ +[0-9.]+' "$lab" show -v contexts "$dir/few.jsonl"
expect "a budget too small for any point" 77 'nothing to run' "$lab" run -q -p 1 -s pip -e contexts --memory 1 --out "$dir/none.jsonl"
expect "switchers without many contexts" 77 'nothing to run' "$lab" run -q -p 1 -s setjmp -e contexts --out "$dir/peer.jsonl"

# a kernel without huge pages: its file is covered, in a name space of its own
modes=/sys/kernel/mm/transparent_hugepage/enabled
echo 'always madvise [never]' >"$dir/never"
if unshare -m mount --bind "$dir/never" $modes 2>/dev/null; then
    expect "no huge pages is a stated skip" 0 'huge pages: this kernel gives none .*\[never\]' \
        unshare -m sh -c "mount --bind $dir/never $modes && $lab run -p 1 -s pip -e contexts --memory 32 --out $dir/never.jsonl"
    expect "small pages are measured all the same" 0 'packed +small' "$lab" show -v contexts "$dir/never.jsonl"
else
    echo "a kernel without huge pages: not tried: no name space of mounts can be made here"
fi

# what this CPU lacks is skipped, with the reason, or else measured
if grep -q avx512bw /proc/cpuinfo; then
    expect "AVX-512 is measured"   0 'full\+zmm' "$lab" run -q -p 1 -s 'full+zmm' -e state --out "$dir/zmm.jsonl"
else
    expect "a CPU without AVX-512 says so" 77 'no AVX-512' "$lab" run -q -p 1 -s 'full+zmm' -e state --out "$dir/zmm.jsonl"
fi
expect "state: dirty beside clean" 0 'switcher +via bytes clean +dirty' "$lab" run -q -p 2 -s 'full' -e state --out "$dir/state.jsonl"
expect "sites"                     0 'round robin none +pip' "$lab" run -q -p 1 -s pip -e sites --out "$dir/sites.jsonl"
expect "probe: what it adds, counted" 0 'pip +jmp .* 4 +1 +1$' "$lab" run -q -p 2 -s pip -e probe --out "$dir/probe.jsonl"
expect "probe: which register it used, and why" 0 '"used":\{"place":"probe_slot.0","register":"rcx","why":"dead: overwritten before any read, at probe_slot.0x5: mov rcx' cat "$dir/probe.jsonl"
strip -o "$dir/stripped" "$lab"
expect "probe: nothing known of its PIP is a stated skip" 0 '"status":"skip".*no function is called .probe_slot' sh -c "$dir/stripped run -q -p 1 -s pip -e probe --out $dir/stripped.jsonl; cat $dir/stripped.jsonl"
expect "transfer: pairs of one save set" 0 'pip +pip +none' sh -c "$lab run -q -p 2 -s pip -e pingpong --out $dir/pair.jsonl >/dev/null 2>&1; $lab show -v transfer $dir/pair.jsonl"
expect "a view that the file has nothing of" 2 'holds no sites' "$lab" show -v sites "$dir/probe.jsonl"
expect "tab-separated, with the experiment's parameters" 0 'targets	align	sites	check' "$lab" show -T sites "$dir/sites.jsonl"
expect_end
