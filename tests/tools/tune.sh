#!/bin/sh
# tune.sh on a made-up /sys and /proc: it changes what it is told and nothing else, says so, and puts everything back whatever happens.
set -u
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh
tune=tools/tune.sh
root=$dir/fake cpu=$dir/fake/sys/devices/system/cpu
export TUNE_ROOT="$root"

machine() {
    rm -rf "$root"
    mkdir -p "$cpu/cpu0/cpufreq" "$cpu/cpu1/cpufreq" "$cpu/cpufreq" "$cpu/smt" "$root/proc/sys/kernel" "$root/sys/kernel/mm/transparent_hugepage"
    echo powersave >"$cpu/cpu0/cpufreq/scaling_governor"
    echo schedutil >"$cpu/cpu1/cpufreq/scaling_governor"
    for i in 0 1; do echo performance powersave schedutil >"$cpu/cpu$i/cpufreq/scaling_available_governors"; done
    echo 1 >"$cpu/cpufreq/boost"
    echo on >"$cpu/smt/control"
    echo 2 >"$root/proc/sys/kernel/randomize_va_space"
    echo madvise >"$root/sys/kernel/mm/transparent_hugepage/enabled"
    chmod -R a+rX "$dir"
    state >"$dir/before"
}
state() { (cd "$root" && find . -type f -exec grep -H . {} +) | sort; }
# unchanged NAME: the machine is as it was
unchanged() {
    state >"$dir/after"
    expect "$1" 0 '' cmp "$dir/before" "$dir/after"
}
everything="GOVERNOR=performance TURBO=off SMT=off ASLR=off THP=never"

machine
expect "nothing asked for"       2 'nothing is asked for' $tune
expect "an unknown setting"      2 "'COLOUR=red' is no setting; there are GOVERNOR=" $tune COLOUR=red
expect "an unknown value"        2 'TURBO=maybe: takes on off' $tune TURBO=maybe
expect "an unknown governor"     2 'GOVERNOR=fast: takes performance powersave schedutil' $tune GOVERNOR=fast
unchanged "wrong use changes nothing"

# shellcheck disable=SC2086 # a list of settings
{
expect "each change is said"     0 'governor: schedutil -> performance: .*/cpu1/' $tune $everything -- true
expect "and each restoring"      0 'restored schedutil: .*/cpu1/' $tune $everything -- true
unchanged "all is back"
expect "the command sees it"     0 '^performance performance 0 off 0 never $' $tune $everything -- sh -c "cat $cpu/cpu?/cpufreq/scaling_governor $cpu/cpufreq/boost $cpu/smt/control $root/proc/sys/kernel/randomize_va_space $root/sys/kernel/mm/transparent_hugepage/enabled | tr '\n' ' '; echo"
expect "only what is named"      0 '^powersave 1 off ' $tune SMT=off -- sh -c "cat $cpu/cpu0/cpufreq/scaling_governor $cpu/cpufreq/boost $cpu/smt/control | tr '\n' ' '"
expect "its exit code is the command's" 7 'restored' $tune $everything -- sh -c 'exit 7'
unchanged "all is back after an error"
}
expect "what is so already is left" 0 'SMT is on already' $tune SMT=on -- true
mkdir -p "$cpu/intel_pstate" && echo 0 >"$cpu/intel_pstate/no_turbo" && state >"$dir/before"
expect "Intel's turbo is a no_turbo" 0 'no_turbo: 0 -> 1' $tune TURBO=off -- true
unchanged "and is back"

# half of it can't be set: nothing is run, the other half is put back
machine
rm "$cpu/smt/control"
state >"$dir/before"
expect "what the machine lacks is said" 1 'cannot set SMT: this machine has no /sys/devices/system/cpu/smt/control' $tune TURBO=off SMT=off -- echo ran
expect "and nothing is run"      1 '' sh -c "$tune TURBO=off SMT=off -- echo ran | grep -q '^ran'"
unchanged "the half that was set is back"
rm -rf "$cpu/cpu0/cpufreq" "$cpu/cpu1/cpufreq"
expect "no governor at all"      1 'cannot set governor: this machine has no ' $tune GOVERNOR=performance -- true

# without privileges
machine
if [ "$(id -u)" = 0 ]; then as="setpriv --reuid=65534 --regid=65534 --clear-groups"; else as= && chmod -R a-w "$root"; fi
cp $tune "$dir/tune.sh" && chmod a+rx "$dir" "$dir/tune.sh"
expect "without privileges"      1 'cannot set SMT to off: .*smt/control does not take it; it needs root' $as "$dir/tune.sh" SMT=off -- echo ran
expect "each of them is said"    1 'cannot set ASLR to 0: .*it needs root' $as "$dir/tune.sh" SMT=off ASLR=off -- echo ran
unchanged "and nothing is changed"
[ "$(id -u)" = 0 ] || chmod -R u+w "$root"

# signals, while a command runs and while it waits; INT goes to the group, as from a terminal
for signal in INT TERM HUP; do
    for command in '-- sleep 30' ''; do
        machine
        # shellcheck disable=SC2086 # lists of words
        setsid env --default-signal $tune $everything $command >"$dir/said" 2>&1 & # a shell's background commands ignore INT
        pid=$!
        for _ in $(seq 100); do ! grep -q 'THP: madvise -> never' "$dir/said" || break; sleep 0.05; done
        sleep 0.2
        kill -$signal "-$pid"
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
        kill -9 "-$pid" 2>/dev/null && echo "FAIL SIG$signal: it did not end" && failures=$((failures + 1))
        wait "$pid" 2>/dev/null
        expect "SIG$signal${command:+ in a command}: says that it restores" 0 'restored on: ' cat "$dir/said"
        unchanged "SIG$signal${command:+ in a command}: all is back"
    done
done

# make's cover
machine
expect "make tune"               0 'SMT: on -> off' env -u MAKEFLAGS -u MAKELEVEL make -s tune SMT=off RUN="cat $cpu/smt/control"
expect "make tune without a setting" 2 'nothing is asked for' env -u MAKEFLAGS -u MAKELEVEL make -s tune
unchanged "all is back after make"
expect_end
