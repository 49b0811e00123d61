#!/bin/bash
# A campaign by GNU parallel over ssh: a server of our own on loopback, which stands for two hosts, and a second one that refuses every
# command. All shards come back, from the hosts that work; what is missing later is run again; the merge is the single machine's.
set -u
B=${B:-build}
for program in parallel ssh sshd rsync; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || { echo "no $program: make deps test-fleet installs parallel, openssh-server and rsync"; exit 77; }
done
[ -d /run/sshd ] || mkdir /run/sshd 2>/dev/null || { echo "no /run/sshd, which sshd wants, and only root can make it"; exit 77; }
PATH=$PATH:/usr/sbin
SHARDS=8 PORT=$((40000 + $$ % 10000))
CAMPAIGN=(--arch ia64 --engine ia64sim --switcher '@(pip|scratch-integer)' --interrupts 2)

dir=$(mktemp -d)
started=()
cleanup() {
    trap - EXIT
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$dir"
}
fail() {
    echo "FAIL $*"
    for log in "$dir"/*.log "$dir"/campaign/joblog*; do [ -s "$log" ] && { echo "--- $log"; tail -n 25 "$log"; }; done
    exit 1
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# ---- the hosts ----
ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key" && ssh-keygen -q -t ed25519 -N '' -f "$dir/key" || fail "ssh-keygen"
cp "$dir/key.pub" "$dir/authorized_keys"
serve() { # NAME PORT [LINE]
    cat >"$dir/$1.conf" <<CONF
ListenAddress 127.0.0.1
Port $2
HostKey $dir/host_key
AuthorizedKeysFile $dir/authorized_keys
PidFile $dir/$1.pid
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
MaxStartups 100
${3:-}
CONF
    "$(command -v sshd)" -D -e -f "$dir/$1.conf" 2>"$dir/$1.log" &
    started+=($!)
}
serve good "$PORT"
serve bad $((PORT + 1)) "ForceCommand /bin/false"
cat >"$dir/ssh_config" <<CONF
Host one two
  Port $PORT
Host broken
  Port $((PORT + 1))
Host *
  HostName 127.0.0.1
  User $(id -un)
  IdentityFile $dir/key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile $dir/known_hosts
  LogLevel ERROR
CONF
export PARALLEL_SSH="ssh -F $dir/ssh_config" PARALLEL_HOME=$dir/parallel
mkdir "$PARALLEL_HOME"
for try in $(seq 50); do $PARALLEL_SSH one true 2>/dev/null && break; sleep 0.1; done
$PARALLEL_SSH one true || fail "no login on loopback"
$PARALLEL_SSH broken true && fail "the broken host works"

# ---- what one machine gives; the campaign; the campaign again where something is missing ----
B=$B SHARDS=1 fleet/local.sh "$dir/single" "${CAMPAIGN[@]}" >"$dir/single.log" 2>&1 || fail "the single machine's campaign"
fleet() { B=$B SHARDS=$SHARDS HOSTS=2/one,2/broken,2/two fleet/parallel.sh "$dir/campaign" "${CAMPAIGN[@]}" >"$dir/fleet.log" 2>&1; }
jobs() { awk -F '\t' -v host="$1" 'NR > 1 && $2 == host' "$dir"/campaign/joblog* | wc -l; }
fleet || fail "fleet/parallel.sh with a host that fails"
cmp "$dir/single/ia64-pairs.jsonl" "$dir/campaign/ia64-pairs.jsonl" || fail "the merge differs from the single machine's"
[ "$(jobs one)" -gt 0 ] && [ "$(jobs two)" -gt 0 ] || fail "one host did all"
grep -l '"shard":' "$dir"/campaign/*-of-*.jsonl >/dev/null || fail "no shards"

rm "$dir/campaign/ia64-pairs.3-of-$SHARDS.jsonl" "$dir/campaign/ia64-pairs.jsonl" "$dir"/campaign/joblog*
fleet || fail "fleet/parallel.sh, run again"
[ "$(cat "$dir"/campaign/joblog* | awk 'NR > 1 && $7 == 0' | wc -l)" = 1 ] || fail "more was run again than was missing"
cmp "$dir/single/ia64-pairs.jsonl" "$dir/campaign/ia64-pairs.jsonl" || fail "the second merge differs"

# ---- every host fails ----
rm "$dir/campaign/ia64-pairs.5-of-$SHARDS.jsonl"
B=$B SHARDS=$SHARDS HOSTS=2/broken RETRIES=1 fleet/parallel.sh "$dir/campaign" "${CAMPAIGN[@]}" >"$dir/fleet.log" 2>&1 && fail "it says that all is well"
grep -q 'run it again: what is done is kept' "$dir/fleet.log" || fail "what to do is not said"
echo "$SHARDS shards on hosts of which one fails: the merge is the single machine's"
