#!/bin/bash
# Runs the programs of MANIFEST.tsv and compares output, exit status and, for ours, the instruction count.
#   run_programs.sh SIMULATOR FOLDER_OF_ELF_FILES [name...]
# SIMULATOR is called as "SIMULATOR prog.elf". COUNT=ours also compares the count that "--stats" prints with the
# manifest's; COUNT=ski compares what "bski -stats -icnt" counts. Exit status 1 when anything differs.
here=$(cd "$(dirname "$0")" && pwd)
simulator=$1 elf=$2
shift 2 || { echo "usage: $0 SIMULATOR FOLDER [name...]" >&2; exit 2; }
scratch=$(mktemp -d) && trap 'rm -r "$scratch"' EXIT
passed=0 failed=0

fail() { echo "FAIL $1: $2"; failed=$((failed + 1)); }

counted() { # the simulator's own count of attempted instructions
    case $COUNT in
    ours) timeout "${TMO:-180}" $simulator --no-alat --defer-physical --stats=json "$1" 2>&1 >/dev/null </dev/null |
          sed -n 's/.*"attempts": *\([0-9]*\).*/\1/p' ;;
    ski) timeout "${TMO:-180}" $simulator -stats -icnt "$scratch/icnt" "$1" 2>&1 >/dev/null </dev/null |
          sed -n 's/^\([0-9]*\) insts.*/\1/p' ;;
    esac
}

while IFS=$'\t' read -r name kind covers count; do
    [ "$name" = name ] && continue
    [ $# -gt 0 ] && [[ " $* " != *" $name "* ]] && continue
    file=$elf/$name.elf
    [ "$kind" = c ] && file=$here/programs/c/$name.elf
    timeout "${TMO:-180}" $simulator "$file" >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    if ! cmp -s "$scratch/out" "$here/programs/golden/$name.out"; then
        fail "$name" "output differs (exit status $status): $(diff -a "$here/programs/golden/$name.out" "$scratch/out" |
            grep -a -m1 '^[<>]' | cut -c1-70) $(head -c 200 "$scratch/err")"
    elif [ "$status" != "$(cat "$here/programs/golden/$name.rc")" ]; then
        fail "$name" "exit status $status, not $(cat "$here/programs/golden/$name.rc")"
    elif [ -n "$COUNT" ] && [ "$(counted "$file")" != "$count" ]; then
        fail "$name" "$(counted "$file") instructions, not $count"
    else
        passed=$((passed + 1))
    fi
done <"$here/programs/MANIFEST.tsv"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
