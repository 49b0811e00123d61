#!/bin/sh
# The program from outside: exit codes, messages, bad input and bad luck. B is the build folder.
set -u
B=${B:-build}
lab=$B/switchlab
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh
faulty=$B/tests/faulty

expect "no command"              2 'Usage: switchlab COMMAND' "$lab"
expect "unknown command"         2 "no command 'rnu'" "$lab" rnu
expect "help"                    0 'Exit codes' "$lab" --help
for command in list run check mutate show loop soak pip campaign merge compare export history import report; do
    expect "$command --help"     0 'Usage: switchlab '$command "$lab" $command --help
done
expect "a shard out of range"    2 "I from 0 to N-1.*not '4/4'" "$lab" campaign --arch simple --shard 4/4 --out "$dir/c"
expect "a campaign of no shards" 2 "at least one shard" "$lab" campaign --arch simple --shard 0/0 --out "$dir/c"
expect "a shard that is none"    2 "takes I/N.*not '1-4'" "$lab" campaign --arch simple --shard 1-4 --out "$dir/c"
expect "a shard below 0"         2 "takes I/N.*not '-1/4'" "$lab" campaign --arch simple --shard=-1/4 --out "$dir/c"
expect "four interrupts"         2 "from 1 to 3, not '4'" "$lab" campaign --arch simple --interrupts 4 --out "$dir/c"
expect "a sample of nothing"     2 "from 1 to .*not '0'" "$lab" campaign --arch simple --sample 0 --out "$dir/c"
expect "a campaign without a folder" 2 'name the campaign.s folder by --out' "$lab" campaign --arch simple
expect "no engine that interrupts" 1 'no chosen engine can interrupt' "$lab" campaign --arch simple --engine native --out "$dir/c"
expect "campaign --list"         0 'points on simple, about .* core-hours' "$lab" campaign --arch simple --interrupts 2 --list
expect "a shard"                 0 'simple-pairs.1-of-3.jsonl$' "$lab" campaign --arch simple --interrupts 2 --shard 1/3 --out "$dir/c"
expect "a shard that is there"   0 'was there' "$lab" campaign --arch simple --interrupts 2 --shard 1/3 --out "$dir/c"
expect "a merge of a part"       1 '2 of 3 shards are missing: 0 2' "$lab" merge "$dir/c"
expect "campaign --status"       0 '1 of 3 shards done' "$lab" campaign --status --out "$dir/c"
expect "a merge of nothing"      1 'cannot read .*nowhere' "$lab" merge "$dir/nowhere"
expect "a merge without a folder" 2 'usage: switchlab merge DIR' "$lab" merge
expect "two records, one not there" 2 'nowhere' "$lab" show "$dir/nowhere" "$dir/nothing"
expect "fleet/local.sh"          0 '5 shards merged' env B="$B" SHARDS=5 fleet/local.sh "$dir/local" --arch simple --interrupts 3
expect "fleet/slurm.sh, dry"     0 'sbatch .*--array=0-9%4 .*--requeue .*--constraint=zen4' env B="$B" DRY=1 SHARDS=10 LIMIT=4 CONSTRAINT=zen4 fleet/slurm.sh "$dir/slurm" --arch simple
expect "fleet/slurm.sh, more shards than tasks" 0 'i < 5000; i \+= 1000' env B="$B" DRY=1 SHARDS=5000 fleet/slurm.sh "$dir/slurm" --arch simple
expect "fleet/bench.sh, dry"     0 'sbatch .*--exclusive .*--constraint=zen4' env B="$B" DRY=1 CLASSES="zen4 icelake" fleet/bench.sh "$dir/bench"
expect "fleet/bench.sh without a class" 2 'CLASSES names no hardware class' env B="$B" CLASSES= fleet/bench.sh "$dir/bench"
expect "fleet/parallel.sh without hosts" 2 'HOSTS names no host' env B="$B" HOSTS= fleet/parallel.sh "$dir/parallel" --arch simple
expect "unknown option"          2 'unrecognized option' "$lab" run --fast
expect "an option of another command" 2 'unrecognized option' "$lab" list --iterations 3
expect "unexpected argument"     2 "unexpected argument 'pip'" "$lab" run pip
expect "unknown switcher: says which exist" 2 "no switcher matches.*" "$lab" run --switcher nosuch
expect "unknown switcher: the list" 2 'scratch\+fp' "$lab" check --switcher nosuch
expect "a glob that matches nothing" 2 "no switcher matches" "$lab" run --switcher 'x*y'
expect "unknown experiment"      2 "no experiment matches 'ping'; there are: .*pingpong" "$lab" run --experiment ping
expect "unknown engine"          2 "no engine matches 'warp'; there are:.* native" "$lab" run --engine warp
expect "unknown mask"            2 "no switcher matches.*--mask 'cli2'" "$lab" run --mask cli2
expect "a number that is none"   2 "takes a whole number from 1 to 1000, not 'many'" "$lab" run --processes many
expect "zero processes"          2 "takes a whole number from 1 to 1000, not '0'" "$lab" run --processes 0
expect "a negative seed"         2 "not '-1'" "$lab" run --seed=-1
expect "a CPU that does not exist" 2 '--cpu 999: this process may not run there' "$lab" run --cpu 999
expect "worker by hand"          2 'is started by switchlab run' "$lab" worker
expect "list"                    0 'pip +pip' "$lab" list
expect "list --contract"         0 'rbx +gpr +64 bits +saved +preserved by the calling convention' "$lab" list --contract -s scratch
expect "check of one"            0 'pass  pip' "$lab" check -s pip
expect "loop of several"         2 'name exactly one switcher' "$lab" loop -s 'p*'
expect "loop"                    0 '' "$lab" loop -s pip -t jmp -n 1000
expect "soak: interrupts land inside, and lose nothing" 0 'pass pip +restart .* intact' "$lab" soak -s pip -t jmp -m restart -n 60000000
expect "soak without a mask: it must be lost" 0 'pass pip +none .*as it must without a mask' "$lab" soak -s pip -t jmp -m none -n 60000000 -l 3
expect "a soak that is too short proves nothing" 1 'this proves nothing' "$lab" soak -s pip -t jmp -m restart -n 1
expect "soak of what can't be interrupted" 77 'can be interrupted' "$lab" soak -s boost
expect "a map, boundary by boundary" 0 'PIP of scratch' sh -c "$lab run -e anywhere -s scratch -t jmp --out $dir/map.jsonl >/dev/null 2>&1; $lab show -v boundaries $dir/map.jsonl"
expect "show without a file"     2 'latest.jsonl' "$lab" show --results "$dir/none"
expect "show of rubbish"         2 'rubbish' sh -c "echo '{' >$dir/rubbish; $lab show $dir/rubbish"
expect "results that can't be made" 1 '/proc/none' "$lab" run -q -s pip -e pingpong --results /proc/none
expect "a record that can't be written" 1 '/dev/full' "$lab" run -q -p 1 -s pip -t jmp -e pingpong --out /dev/full

# a run leaves valid records, a link to them, and the figures of its table
expect "a short run"             0 'pip +pip +jmp' "$lab" run -q -p 2 -s pip -e pingpong --results "$dir/results" --seed 7
expect "latest is the last run"  0 '"type": ?"result"' cat "$dir/results/latest.jsonl"
expect "the seed is recorded"    0 '"seed": ?7' head -1 "$dir/results/latest.jsonl"
expect "conditions of the machine are told once" 0 'none twice' sh -c "$lab run -q -p 1 -s pip -t jmp -e pingpong --out $dir/once.jsonl 2>&1 | grep ^warning: | sort | uniq -d | grep . || echo none twice"
expect "show reads it again"     0 'pip +pip +jmp' "$lab" show "$dir/results/latest.jsonl"
expect "no engine for it"        77 'nothing to run' "$lab" run -q -s pip -a x86_64 -E simple --results "$dir/results"

# switchers that go wrong lose only themselves

expect "a crash is recorded"     1 'SIGSEGV' "$faulty" run -q -p 1 -s crashing -e pingpong --out "$dir/crash.jsonl"
expect "and the run goes on"     1 'scratch +scratch +jmp none .*pass' "$faulty" run -q -p 1 -s '[cs][rc]*' -e pingpong --out "$dir/goes-on.jsonl"
expect "a hang ends at its limit" 1 'did not return within 2 s' "$faulty" run -q -p 1 -s hanging -e pingpong -l 2 --out "$dir/hang.jsonl"
expect "a lost value is a failure" 1 'did not survive' "$faulty" run -q -p 1 -s losing -e pingpong --out "$dir/losing.jsonl"
expect "no switch at all is a failure" 1 'did not go to the partner' "$faulty" check -s staying
unclocked=$B/tests/unclocked
expect "no clock: figures that are counted" 0 'pip +pip +jmp none +- ' "$unclocked" run -q -p 1 -s pip -t jmp -m none -e pingpong --out "$dir/unclocked.jsonl"
expect "no clock: why is recorded" 0 '"clock": ?\{"source": ?"none: this CPU has no clock .made up' cat "$dir/unclocked.jsonl"
expect "no clock: no accuracy" 77 'skipped: this CPU has no clock' "$unclocked" accuracy
crowded="tests/cli/crowded.sh $faulty $dir"
# shellcheck disable=SC2086 # a command with its first words
{
expect "a core of one's own: nothing runs again" 0 '"core_shared":0.*\[1.0,1.0,1.0,1.0\] 4 processes' $crowded 0
expect "who shared the core runs again" 0 '"core_shared":0.*\[1.0,1.0,1.0,1.0\] 12 processes' $crowded 2
expect "not for ever"            0 '"core_shared":4.*\[99.0,99.0,99.0,99.0\] 16 processes' $crowded 9
expect "as often as is asked for" 0 '"core_shared":4.*\[99.0,99.0,99.0,99.0\] 8 processes' $crowded 2 --retries 1
expect "less often where points are many" 0 '"core_shared":4.*\[99.0,99.0,99.0,99.0\] 8 processes' $crowded 9 -e pressure --point live=1,file=int,use=used
expect "a half that shared the core is set aside" 0 '"ns":\[99.0,99.0\]"core_shared":2"ns":\[1.0,1.0\] 10 processes' env CROWD_EVERY=2 $crowded 9 --seed 1
expect "so is one whose clock contradicts itself" 0 '"ns":\[99.0,99.0\]"core_shared":0"ns":\[1.0,1.0\] 10 processes' env CROWD_EVERY=2 CROWD_CLOCK=1 $crowded 9 --seed 1
expect "not more than half"      0 '"core_shared":0"ns":\[99.0,99.0,99.0,99.0\] 16 processes' env CROWD_CLOCK=1 $crowded 9
expect "who held the core to too little runs again" 0 '"core_shared":0"ns":\[1.0,1.0,1.0,1.0\] 7 processes' env CROWD_ADDS=3 $crowded 0
expect "or not at all"           0 '"core_shared":4.*\[99.0,99.0,99.0,99.0\] 4 processes' $crowded 1 --retries 0
}
expect "retries that are no number" 2 'whole number from 0 to 100' "$lab" run --retries many
expect "an absent feature is a stated skip" 77 'made up for a test' "$faulty" run -q -s absent -e pingpong --out "$dir/absent.jsonl"
expect "its record says so"      0 '"type": ?"skip"' cat "$dir/absent.jsonl"

# disk full in mid-run: a tiny file system, where one can be mounted
if mkdir "$dir/disk" && mount -t tmpfs -o size=16k none "$dir/disk" 2>/dev/null; then
    expect "disk full"           1 'No space left' "$lab" run -q -s '*' -e pressure -p 1 --results "$dir/disk"
    expect "finished lines stay" 0 'live values' sh -c "$lab show $dir/disk/*-*.jsonl"
    umount "$dir/disk"
else
    echo "disk full in mid-run: not tried: no file system can be mounted here"
fi

# Ctrl-C and kill -9 in mid-run: the finished points stay, every line that is there is whole
for signal in INT KILL; do
    "$lab" run --switcher '@(pip|scratch|full)' --experiment 'p*' --out "$dir/$signal.jsonl" >"$dir/said" 2>&1 &
    pid=$!
    until ! kill -0 $pid 2>/dev/null || [ "$(grep -c '"result"' "$dir/$signal.jsonl" 2>/dev/null)" -gt 0 ] 2>/dev/null; do sleep 0.2; done
    kill -$signal $pid
    wait $pid 2>/dev/null
    code=$?
    [ $signal != INT ] || expect "Ctrl-C is exit code 1 and says so" 0 'interrupted; the finished points' sh -c "[ $code = 1 ] && cat '$dir/said'"
    expect "after SIG$signal every finished point is there" 0 'One switch' "$lab" show "$dir/$signal.jsonl"
done

expect_end
