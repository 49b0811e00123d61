#!/bin/sh
# tune.sh SETTING=VALUE... [-- COMMAND...]: sets only what is named, says each change, runs COMMAND (without one: waits for Ctrl-C), and puts
# everything back: at the end, on an error, on Ctrl-C, on kill. Only kill -9 can stop it from that; what it set is printed above.
#   GOVERNOR=performance   frequency governor of every CPU          TURBO=off  SMT=off     on or off
#   ASLR=off               random addresses: off, 1 or on           THP=never              always, madvise or never
# Exit code: COMMAND's; 1 when something could not be set or put back (COMMAND is not run in half a state); 2 wrong use. TUNE_ROOT stands before /sys
# and /proc, for tests.
set -u
root=${TUNE_ROOT:-}
sys=$root/sys/devices/system/cpu
undo= failed=0 child=
saved=$(mktemp)

say() { echo "tune: $*"; }
wrong() { echo "tune.sh: $*" >&2; rm -f "$saved"; exit 2; }

# what a file holds; of a list with a choice, the choice: always [madvise] never
value_of() { sed -n '1{ s/.*\[\(.*\)\].*/\1/; p; }' "$1" 2>/dev/null; }

put() { (printf '%s\n' "$2" >"$1") 2>/dev/null && [ "$(value_of "$1")" = "$2" ]; }

# set_file WHAT FILE VALUE
set_file() {
    if [ ! -f "$2" ]; then
        say "cannot set $1: this machine has no ${2#"$root"}"
        failed=1
        return
    fi
    old=$(value_of "$2")
    if [ "$old" = "$3" ]; then
        say "$1 is $3 already: ${2#"$root"}"
    elif put "$2" "$3"; then
        say "$1: $old -> $3: ${2#"$root"}"
        undo="$2
$old
$undo"
    else
        say "cannot set $1 to $3: ${2#"$root"} does not take it$([ -w "$2" ] || echo '; it needs root: sudo make tune ...')"
        failed=1
    fi
}

restore() {
    trap '' INT TERM HUP
    [ -z "$child" ] || { kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; }
    printf '%s' "$undo" >"$saved"
    while read -r file && read -r old; do
        if put "$file" "$old"; then say "restored $old: ${file#"$root"}"; else
            say "CANNOT RESTORE $old: ${file#"$root"}"
            failed=1
        fi
    done <"$saved"
    rm -f "$saved"
    undo=
}
trap 'code=$?; restore; [ "$failed" = 0 ] || [ "$code" != 0 ] || code=1; exit "$code"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# one_of SETTING VALUE ALLOWED...
one_of() {
    setting=$1 given=$2
    shift 2
    for allowed in "$@"; do [ "$given" != "$allowed" ] || return 0; done
    trap - EXIT
    wrong "$setting=$given: takes $*"
}

governor() {
    found=0
    for file in "$sys"/cpu[0-9]*/cpufreq/scaling_governor; do
        [ -e "$file" ] || continue
        found=1
        available=${file%scaling_governor}scaling_available_governors
        # shellcheck disable=SC2046 # a list of words
        [ ! -r "$available" ] || one_of GOVERNOR "$1" $(cat "$available")
        set_file governor "$file" "$1"
    done
    [ "$found" = 1 ] || { say "cannot set governor: this machine has no ${sys#"$root"}/cpu*/cpufreq (a virtual machine mostly has none)"; failed=1; }
}
turbo() {
    one_of TURBO "$1" on off
    on=1
    [ "$1" = on ] || on=0
    if [ -e "$sys/intel_pstate/no_turbo" ]; then set_file 'no_turbo' "$sys/intel_pstate/no_turbo" $((1 - on)); else set_file 'turbo (boost)' "$sys/cpufreq/boost" $on; fi
}
smt() {
    one_of SMT "$1" on off
    set_file SMT "$sys/smt/control" "$1"
}
aslr() {
    one_of ASLR "$1" on off 1
    case $1 in on) level=2 ;; off) level=0 ;; *) level=$1 ;; esac
    set_file ASLR "$root/proc/sys/kernel/randomize_va_space" $level
}
thp() {
    one_of THP "$1" always madvise never
    set_file THP "$root/sys/kernel/mm/transparent_hugepage/enabled" "$1"
}

asked=0
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    asked=1
    case $1 in
    GOVERNOR=?*) governor "${1#*=}" ;;
    TURBO=?*) turbo "${1#*=}" ;;
    SMT=?*) smt "${1#*=}" ;;
    ASLR=?*) aslr "${1#*=}" ;;
    THP=?*) thp "${1#*=}" ;;
    *) trap - EXIT; wrong "'$1' is no setting; there are GOVERNOR=, TURBO=, SMT=, ASLR=, THP=" ;;
    esac
    shift
done
[ "$asked" = 1 ] || { trap - EXIT; wrong 'nothing is asked for: e.g. make tune GOVERNOR=performance TURBO=off RUN="make bench"'; }
[ "$failed" = 0 ] || exit 1
[ $# = 0 ] || shift

# in the background, so that a signal is heard at once; it reaches the command through restore
if [ $# -gt 0 ]; then
    "$@" &
else
    say "until Ctrl-C"
    sleep infinity &
fi
child=$!
wait "$child"
code=$?
child=
exit $code
