#!/bin/bash
# A campaign on a real Slurm: a controller and four emulated nodes on this machine, on loopback, in a folder of its own, all of it ended
# here. One node is killed in mid-run; what it ran is queued again elsewhere; the merge is the single machine's, byte for byte.
set -u
B=${B:-build}
for program in slurmctld slurmd munged sbatch; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || { echo "no $program: make deps test-fleet installs slurm-wlm and munge"; exit 77; }
done
PATH=$PATH:/usr/sbin
NODES=4 SHARDS=64 PORT=$((20000 + $$ % 20000))
CAMPAIGN=(--arch ia64 --engine ia64sim --switcher '@(pip|scratch)' --interrupts 3 --sample 16000)

dir=$(mktemp -d)
export SLURM_CONF=$dir/slurm.conf
started=()
cleanup() {
    trap - EXIT
    [ -n "${job:-}" ] && scancel "$job" 2>/dev/null
    for pid in $(nodes_processes) "${started[@]}"; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$dir"
}
fail() {
    echo "FAIL $*"
    for log in "$dir"/*.log "$dir"/campaign/log/merge.log; do [ -s "$log" ] && { echo "--- $log"; tail -n 15 "$log"; }; done
    exit 1
}
# steps and tasks of this cluster's nodes (of one): they carry our configuration's path in their environment
nodes_processes() {
    local environ
    for environ in /proc/[0-9]*/environ; do
        tr '\0' '\n' 2>/dev/null <"$environ" | awk -v conf="SLURM_CONF=$SLURM_CONF" -v node="SLURMD_NODENAME=${1:-}" '
            $0 == conf { ours = 1 } index($0, node) == 1 { named = 1 } END { exit !(ours && named) }' &&
            basename "$(dirname "$environ")"
    done
}
within() { # SECONDS COMMAND...: until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# ---- the cluster ----
mkdir -p "$dir"/state "$dir"/spool "$dir"/run
dd if=/dev/urandom of="$dir/munge.key" bs=1024 count=1 2>/dev/null
chmod 600 "$dir/munge.key"
munged --force --foreground --socket="$dir/munge.socket" --key-file="$dir/munge.key" --pid-file="$dir/run/munged.pid" \
    --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" >"$dir/munged.out.log" 2>&1 &
started+=($!)
# cred_expire is how long a job that is queued again waits, two minutes by default
cat >"$SLURM_CONF" <<CONF
ClusterName=switchlab
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$PORT
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket,cred_expire=5
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd-%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd-%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,batch_sched_delay=0,sched_min_interval=100000
ReturnToService=2
SlurmdTimeout=6
KillWait=2
MinJobAge=600
JobRequeue=1
NodeName=n[0-$((NODES - 1))] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[$((PORT + 1))-$((PORT + NODES))] CPUs=1 Feature=emulated State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
within 10 test -S "$dir/munge.socket" || fail "munged did not start"
slurmctld -D >"$dir/slurmctld.out.log" 2>&1 &
started+=($!)
declare -A node
for ((i = 0; i < NODES; i++)); do
    slurmd -D -N "n$i" >"$dir/slurmd-n$i.out.log" 2>&1 &
    started+=($!)
    node[n$i]=$!
done
all_idle() { [ "$(sinfo -h -N -o %T 2>/dev/null | grep -c '^idle$')" = $NODES ]; }
within 30 all_idle || fail "the nodes did not come up: $(sinfo -N 2>&1)"

# ---- times, on an exclusive node of a class ----
B=$B CLASSES=emulated fleet/bench.sh "$dir/bench" --quick --switcher pip --transfer jmp --mask none --experiment pingpong >"$dir/bench.log" 2>&1 ||
    fail "fleet/bench.sh: $(cat "$dir/bench/emulated/log")"
[ "$(grep -c '"type":"result"' "$dir/bench/emulated/latest.jsonl")" = 1 ] || fail "no record of the class"
B=$B CLASSES=nowhere fleet/bench.sh "$dir/bench" >"$dir/bench.log" 2>&1 && fail "a class that no node has"
grep -q 'no records of nowhere' "$dir/bench.log" || fail "the class that failed is not named"

# ---- what one machine gives ----
B=$B SHARDS=2 fleet/local.sh "$dir/single" "${CAMPAIGN[@]}" >"$dir/single.log" 2>&1 || fail "the single machine's campaign"

# ---- the campaign, and a node that dies ----
# a shard may be done in less time than it takes to find it: those on n1 stop before they begin
mkdir "$dir/bin"
cat >"$dir/bin/switchlab" <<PROGRAM
#!/bin/sh
[ "\$SLURMD_NODENAME" != n1 ] || kill -STOP \$\$
exec "$(realpath "$B")/switchlab" "\$@"
PROGRAM
chmod +x "$dir/bin/switchlab"
B=$dir/bin SHARDS=$SHARDS fleet/slurm.sh "$dir/campaign" "${CAMPAIGN[@]}" >"$dir/submit.log" 2>&1 || fail "fleet/slurm.sh"
job=$(sed -n 's/^job \([0-9]*\):.*/\1/p' "$dir/submit.log")
done_shards() { ls "$dir/campaign" 2>/dev/null | grep -c -- '-of-'; }
some_done() { [ "$(done_shards)" -ge 4 ]; }
within 60 some_done || fail "no shard was done"
# the shard that n1 works on, from the command line of the process that runs it
shard_of_n1() {
    local pid
    for pid in $(pgrep -f -- "--out $dir/campaign --shard"); do
        grep -qz '^SLURMD_NODENAME=n1$' "/proc/$pid/environ" 2>/dev/null || continue
        shard=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | sed -n 's|.*--shard \([0-9]*\)/.*|\1|p')
        [ -n "$shard" ] && task=$pid && return 0
    done
    return 1
}
within 60 shard_of_n1 || fail "n1 runs nothing"
[ ! -e "$dir/campaign/ia64-triples.$shard-of-$SHARDS.jsonl" ] || fail "shard $shard was done already"
# a node dies as one: slurmd first, and the step before its task, so that nobody is left to report an end
script=$(ps -o ppid= "$task") step=$(ps -o ppid= $script)
kill -9 "${node[n1]}" $step $script "$task"
[ "$(done_shards)" -lt $SHARDS ] || fail "the node died too late: all was done"
echo "n1 was killed at shard $shard, $(done_shards) of $SHARDS done"

finished() { [ -z "$(squeue -h -o %i 2>/dev/null)" ]; }
within 120 finished || fail "the queue does not end: $(squeue 2>&1)"
grep -q "requeue job JobId=${job}_$shard(.*due to failure of node n1" "$dir/slurmctld.log" || fail "shard $shard was not queued again"
sinfo -h -N -o '%N %T' | grep -q '^n1 down' || fail "n1 is not down: $(sinfo -N)"
[ -e "$dir/campaign/ia64-triples.$shard-of-$SHARDS.jsonl" ] || fail "shard $shard was not run again"
cmp "$dir/single/ia64-triples.jsonl" "$dir/campaign/ia64-triples.jsonl" || fail "the merge differs from the single machine's"
echo "$SHARDS shards on $NODES nodes, one of them killed: the merge is the single machine's"
job=
