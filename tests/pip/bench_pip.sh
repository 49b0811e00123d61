#!/bin/bash
# How long the analysis takes: one function, and every function of a file of more than 10 MB, made of copies of a test program.
# bench_pip.sh SWITCHLAB SOURCE
set -eu
lab=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
gcc -std=gnu11 -w -O2 -g0 -c -o "$dir/0.o" "$source"
objcopy --localize-symbol=main "$dir/0.o"
for i in 1 2 3 4 5 6 7 8 9 10 11; do ld -r -o "$dir/$i.o" "$dir/$((i - 1)).o" "$dir/$((i - 1)).o"; done
echo 'int main(void) { return 0; }' >"$dir/main.c"
gcc -w -o "$dir/large" "$dir/main.c" "$dir/11.o" "$dir/10.o" -lm
TIMEFORMAT='%U %S %R'
seconds() { { time "$@" >"$dir/out" 2>/dev/null; } 2>&1 | awk '{ printf "%.2f s of CPU time (%.2f s by the clock)", $1 + $2, $3 }'; }
address=0x$(nm "$dir/large" | awk '$3 == "t_all" { print $1; exit }')
one=$(seconds "$lab" pip "$dir/large" "$address")
all=$(seconds "$lab" pip --all "$dir/large")
echo "a file of $(wc -c <"$dir/large") bytes, $(wc -l <"$dir/out") functions"
echo "  one function: $one"
echo "  all functions: $all"
