#!/bin/sh
# Value survival in every loop of every peer, under every compiler and level of optimisation; with PEERS_DIR, of its libraries too.
# Broken on purpose it must fail: a jump_fcontext that forgets r15.
set -u
B=${B:-build}/peers-test
rm -rf "$B" && mkdir -p "$B"
arch=$(uname -m)
harness="switchers/registers/$arch.c harness/switcher.c harness/contract.c harness/kernel.c"
libraries="-lpcl -ljansson -pthread"
failed=0 passed=0 skipped=0

# build NAME COMPILER LEVEL WITH FILES...: the peers of FILES in one program, linked with WITH
build() {
    name=$1 compiler=$2 level=$3 with=$4
    shift 4
    for file in "$@"; do
        $compiler -std=gnu11 -D_GNU_SOURCE -DWITH_PRESSURE= -I. ${PEERS_DIR:+-isystem "$PEERS_DIR"} "$level" -c \
            -o "$B/$name-$(basename "$file" .c).o" "$file" || return 1
    done
    for file in ${PEERS_DIR:+"$PEERS_DIR"/libaco/aco.c "$PEERS_DIR"/libaco/acosw.S "$PEERS_DIR"/libco/libco.c}; do
        [ -f "$file" ] || continue
        $compiler -w -Dco_create=libco_create -Dco_delete=libco_delete -Wa,--noexecstack "$level" -c \
            -o "$B/$name-$(basename "$file").o" "$file" || return 1
    done
    # the harness's own code is the same for all: only what is under test is built with LEVEL
    $compiler -std=gnu11 -D_GNU_SOURCE -I. -O1 -o "$B/$name" tests/kernels/survive.c "$B/$name"-*.o $harness $with $libraries
}

peers=
for file in switchers/peers/*.c; do
    case $(basename "$file" .c) in
    minicoro) [ -f "${PEERS_DIR:-}/minicoro/minicoro.h" ] || continue ;;
    libaco) [ -f "${PEERS_DIR:-}/libaco/aco.h" ] || continue ;;
    libco) [ -f "${PEERS_DIR:-}/libco/libco.h" ] || continue ;;
    esac
    peers="$peers $file"
done

# try NAME COMPILER LEVEL
try() {
    if build "$1" "$2" "$3" -lboost_context $peers && timeout 60 "$B/$1" >"$B/$1.out"; then
        echo pass >"$B/$1.verdict"
    else
        echo "FAIL $2 $3: $(cat "$B/$1.out" 2>/dev/null)" | tee "$B/$1.verdict"
    fi
}

for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null; then
        echo "skip $compiler: not installed"
        skipped=$((skipped + 1))
        continue
    fi
    for levels in "-O0 -O3" "-O1 -O2"; do
        for level in $levels; do try $compiler$level $compiler $level & done
        wait
    done
done
for verdict in "$B"/*.verdict; do
    if grep -q pass "$verdict"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

# the check of the check: the peer boost with a switch of our own, which survives, and without one save and restore, which must not
cat >"$B/own.S" <<'END'
        .globl make_fcontext, jump_fcontext
make_fcontext:                  # rdi = top of stack, rdx = entry
        lea -64(%rdi), %rax
        mov %rdx, 48(%rax)
        ret
jump_fcontext:                  # rdi = to, rsi = data
        push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
        mov %rsp, %rax
        mov %rdi, %rsp
        mov %rsi, %rdx
        mov %rax, %rdi
        pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
        ret
        .section .note.GNU-stack,"",@progbits
END
sed 's/push %r15/push %rax/; s/pop %r15/pop %r11/' "$B/own.S" >"$B/forgetful.S"
for shim in own forgetful; do
    build $shim gcc -O2 "$B/$shim.S" switchers/peers/boost.c || exit 1
    timeout 10 "$B/$shim" >"$B/$shim.out" 2>&1
    survived=$?
    case $shim-$survived in
    own-0 | forgetful-[1-9]*) passed=$((passed + 1)) ;;
    *)
        echo "FAIL the switch '$shim' ended with $survived: $(cat "$B/$shim.out")"
        failed=$((failed + 1))
        ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
