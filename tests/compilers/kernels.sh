#!/bin/sh
# kernels.sh COMPILER: value survival in every kernel of pip, on both sides, with the options that change what the compiler keeps
# where. Broken on purpose it must fail: a pip that forgets one clobber.
set -u
compiler=$1
B=${B:-build}/kernels-$compiler
command -v "$compiler" >/dev/null || { echo "$compiler is not installed"; exit 77; }
rm -rf "$B"
mkdir -p "$B"
arch=$(uname -m)
registers="switchers/registers/$arch.c switchers/masks/$arch.c harness/switcher.c harness/contract.c harness/kernel.c"
failed=0 passed=0
native=
grep -qw avx512bw /proc/cpuinfo && native=-march=x86-64-v4

# the harness's own code is the same for all: only what is under test is built with FLAGS
for file in tests/kernels/survive.c $registers; do
    $compiler -std=gnu11 -D_GNU_SOURCE -I. -O1 -c -o "$B/harness-$(echo "$file" | tr / -).o" "$file" || exit 1
done

# build NAME FLAGS... : $files in one program
build() {
    name=$1
    shift
    for file in $files; do
        $compiler -std=gnu11 -D_GNU_SOURCE -DWITHOUT_MANY -I. "$@" -c -o "$B/$name-$(basename "$file" .c).o" "$file" || return 1
    done
    $compiler -o "$B/$name" "$B/$name"-*.o "$B"/harness-*.o -ljansson
}

# try NAME FLAGS...
try() {
    if build "$@" && timeout 60 "$B/$1" >"$B/$1.out"; then
        passed=$((passed + 1))
    else
        echo "FAIL $compiler $*: $(cat "$B/$1.out" 2>/dev/null)"
        failed=$((failed + 1))
    fi
}

# every two options meet; at -O2, with which the lab and kernels are built, all three
while read -r level pointer zone; do
    files=switchers/pip/$arch.c
    [ "$level$zone" = 2mred ] && files="$files switchers/pip/$arch-ret.c"
    try "O$level-$pointer-$zone" "-O$level" "-f$pointer-frame-pointer" "-$zone-zone"
done <<END
0 omit    mred
0 no-omit mno-red
1 omit    mno-red
1 no-omit mred
2 omit    mred
2 omit    mno-red
2 no-omit mred
2 no-omit mno-red
3 omit    mred
3 no-omit mno-red
END
files=switchers/pip/$arch.c
[ -n "$native" ] && try O3-avx512 -O3 $native

# the check of the check: a pip that tells the compiler that r12 survives; its loops lose count, so it may never end
sed 's/"r12", //' "switchers/pip/$arch.inc" >"$B/forgetful.inc"
sed "s|switchers/pip/$arch.inc|$B/forgetful.inc|" "switchers/pip/$arch.c" >"$B/forgetful.c"
files=$B/forgetful.c
if build forgetful -O2 -fomit-frame-pointer && ! timeout 5 "$B/forgetful" >/dev/null; then
    passed=$((passed + 1))
else
    echo "FAIL a pip that forgets to clobber r12 was not noticed"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
