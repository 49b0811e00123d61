#!/bin/sh
# What the build says where a tool of the IA-64 worlds is missing. B is the build folder.
set -u
B=${B:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset MAKEFLAGS MAKELEVEL

# every program but the assembler for IA-64
mkdir "$dir/bin"
for program in /usr/bin/* /bin/*; do
    case ${program##*/} in ia64-linux-gnu-*) continue ;; esac
    [ -e "$dir/bin/${program##*/}" ] || ln -s "$program" "$dir/bin/" || exit 1
done
if PATH=$dir/bin make -j1 B="$B" worlds >"$dir/out" 2>&1; then
    echo "FAIL worlds without an assembler: make succeeded"
    exit 1
fi
grep -q 'skipped: no ia64-linux-gnu-as: install the package binutils-ia64-linux-gnu' "$dir/out" && exit 0
echo "FAIL worlds without an assembler: the package is not named:"
cat "$dir/out"
exit 1
