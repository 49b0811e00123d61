#!/bin/sh
# Value survival in every kernel of pip, on both sides, under every compiler and option that changes what the compiler keeps where.
# Broken on purpose it must fail: a pip that forgets one clobber.
set -u
B=${B:-build}/kernels
mkdir -p "$B"
arch=$(uname -m)
registers="switchers/registers/$arch.c switchers/masks/$arch.c harness/switcher.c harness/contract.c harness/kernel.c"
failed=0 passed=0 skipped=0
native=
grep -qw avx512bw /proc/cpuinfo && native=-march=x86-64-v4

# build NAME COMPILER FLAGS... : $files in one program
build() {
    name=$1 compiler=$2
    shift 2
    for file in $files; do
        object=$B/$name-$(basename "$file" .c).o
        $compiler -std=gnu11 -D_GNU_SOURCE -DWITHOUT_MANY -I. "$@" -c -o "$object" "$file" || return 1
    done
    # the harness's own code is the same for all: only what is under test is built with FLAGS
    $compiler -std=gnu11 -D_GNU_SOURCE -I. -O1 -o "$B/$name" tests/kernels/survive.c "$B/$name"-*.o $registers -ljansson
}

# try NAME COMPILER FLAGS...
try() {
    label=$1
    if build "$@" && timeout 60 "$B/$label" >"$B/$label.out"; then
        echo pass >"$B/$label.verdict"
    else
        echo "FAIL $*: $(cat "$B/$label.out" 2>/dev/null)" | tee "$B/$label.verdict"
    fi
}

rm -f "$B"/*
running=0
for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null; then
        echo "skip $compiler: not installed"
        skipped=$((skipped + 1))
        continue
    fi
    for level in 0 1 2 3; do
        for pointer in omit no-omit; do
            for zone in red no-red; do
                [ $zone = red ] && flag=-mred-zone || flag=-mno-red-zone
                files=switchers/pip/$arch.c
                [ $level$zone = 2red ] && files="$files switchers/pip/$arch-ret.c"
                try $compiler-O$level-$pointer-$zone $compiler -O$level -f$pointer-frame-pointer $flag &
                running=$((running + 1))
                [ $((running % 2)) = 0 ] && wait
            done
        done
    done
    files=switchers/pip/$arch.c
    [ -n "$native" ] && try $compiler-O3-avx512 $compiler -O3 $native
done
wait
for verdict in "$B"/*.verdict; do
    if grep -q pass "$verdict"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

# the check of the check: a pip that tells the compiler that r12 survives
sed 's/"r12", //' "switchers/pip/$arch.inc" >"$B/forgetful.inc"
sed "s|switchers/pip/$arch.inc|$B/forgetful.inc|" "switchers/pip/$arch.c" >"$B/forgetful.c"
files=$B/forgetful.c
if build forgetful gcc -O2 -fomit-frame-pointer && ! timeout 60 "$B/forgetful" >/dev/null; then
    passed=$((passed + 1))
else
    echo "FAIL a pip that forgets to clobber r12 was not noticed"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
