#!/bin/sh
# switchlab pip from outside: what it says of known code, bad input, and the proof by corruption on compiled programs. B is the build
# folder, which has the programs and the prover.
set -u
B=${B:-build}
lab=$B/switchlab programs=$B/pip-test
case $(uname -m) in
x86_64) ;;
*) echo "the test programs and the prover are for x86-64"; exit 77 ;;
esac
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

cat >"$dir/known.s" <<'END'
    .text
    .globl main, known
    .type known, @function
known:
    mov %edi, %eax
    add %esi, %eax
    mov $5, %ecx
    call outside@plt
    ret
    .size known, . - known
    .type main, @function
main:
    push %rax
    mov $1, %edi
    mov $2, %esi
    call known
    pop %rcx
    ret
    .size main, . - main
    .section .note.GNU-stack,"",@progbits
END
printf 'int outside(void) { return 7; }' >"$dir/outside.c"
gcc -shared -fPIC -o "$dir/liboutside.so" "$dir/outside.c"
gcc -o "$dir/known" "$dir/known.s" -L"$dir" -loutside -Wl,-rpath,"$dir"
known=$dir/known
printf '.globl main, full\n.type full, @function\nfull: jmp *%%rax\n.size full, . - full\nmain: ret\n.section .note.GNU-stack,"",@progbits\n' >"$dir/full.s"
gcc -o "$dir/full" "$dir/full.s"

expect "an argument that is read"      0 'rsi +gpr .*live +first use at known\+0x2: add eax, esi' "$lab" pip "$known" known+0
expect "dead: overwritten"             0 'rax +gpr .*inconsequential +dead: overwritten before any read, at known: mov eax, edi' "$lab" pip "$known" known+0
expect "call-clobbered"                0 'r11 +gpr .*inconsequential +call-clobbered: lost at known\+0x9: call' "$lab" pip "$known" known+2
expect "an argument of an unknown call" 0 'r8 +gpr .*live +may be an argument of the call at known\+0x9' "$lab" pip "$known" known+2
expect "the stack pointer"             0 'rsp +sp .*live +names the stack' "$lab" pip "$known" known+0
expect "the best PIPs of a function"   0 '^ *[0-9]+ known\+0x2 +add eax, esi +rax, rdx' "$lab" pip "$known" known
expect "as many as asked for"          0 '^3$' sh -c "$lab pip --best 2 $known known | wc -l"
expect "by address"                    0 'first use at known\+0x2' "$lab" pip "$known" "0x$(nm "$known" | awk '$3 == "known" { print $1 }')"
expect "JSON"                          0 '"inconsequential": true' "$lab" pip --json "$known" known+2

expect "help"                          0 'Usage: switchlab pip' "$lab" pip --help
expect "no arguments"                  2 'name a file and a function' "$lab" pip
expect "no function"                   2 'name a file and a function' "$lab" pip "$known"
expect "too many arguments"            2 "unexpected argument 'x'" "$lab" pip "$known" known x
expect "a number that is none"         2 "takes a whole number from 1 .*, not 'few'" "$lab" pip --best few "$known" known
expect "no such file"                  2 'none: No such file' "$lab" pip "$dir/none" main
expect "a folder"                      2 'not a regular file' "$lab" pip "$dir" main
expect "not an ELF file"               2 'not an ELF file' "$lab" pip "$dir/known.s" main
expect "a device"                      2 'not a regular file' "$lab" pip /dev/null main
: >"$dir/empty"
expect "a file of no bytes"            2 'not an ELF file' "$lab" pip "$dir/empty" main
gcc -c -o "$dir/known.o" "$dir/known.s"
expect "an object file"                2 'not a linked program' "$lab" pip "$dir/known.o" main
head -c 100 "$known" >"$dir/header"
expect "a file that ends in its header" 2 'truncated|outside the file' "$lab" pip "$dir/header" main
head -c 5000 "$known" >"$dir/half"
expect "a truncated file"              2 'truncated' "$lab" pip "$dir/half" main
cp "$known" "$dir/arm" && printf '\267\000' | dd of="$dir/arm" bs=1 seek=18 conv=notrunc 2>/dev/null
expect "another architecture"          2 'e_machine is 183.*x86_64 \(62\)' "$lab" pip "$dir/arm" main
cp "$known" "$dir/narrow" && printf '\001' | dd of="$dir/narrow" bs=1 seek=4 conv=notrunc 2>/dev/null
expect "a 32-bit file"                 2 'not a 64-bit|makes no sense' "$lab" pip "$dir/narrow" main
expect "no such function"              2 "no function is called 'knwon'" "$lab" pip "$known" knwon
expect "an offset that is none"        2 "offset '\+x' is not a number" "$lab" pip "$known" known+x
expect "inside an instruction"         2 'known\+0x1 .*not the start of an instruction' "$lab" pip "$known" known+1
expect "outside the function"          2 'outside|not the start' "$lab" pip "$known" known+0x11
expect "no code there"                 2 'no code at' "$lab" pip "$known" 0x10
expect "far away"                      2 'no code at|beyond' "$lab" pip "$known" known+0xffffffffffffffff
cp "$known" "$dir/stripped" && strip "$dir/stripped"
expect "no symbols"                    2 'no symbols.*give an address|no function is called' "$lab" pip "$dir/stripped" known
expect "addresses work without symbols" 0 'first use at .*add eax, esi' "$lab" pip "$dir/stripped" "0x$(nm "$known" | awk '$3 == "known" { print $1 }')"
printf 'static int f(int x) { return x + 1; } int one(int x) { return f(x); }' >"$dir/a.c"
printf 'static int f(int x) { return x + 2; } int one(int); int main(int c, char **v) { return f(c) + one(c); }' >"$dir/b.c"
gcc -O0 -o "$dir/two" "$dir/a.c" "$dir/b.c"
expect "two functions of one name"     2 "2 functions are called 'f'" "$lab" pip "$dir/two" f

printf 'static __attribute__((noinline)) int hidden(int x) { return x * 3; } int shown(int x) { return hidden(x) + 1; }' >"$dir/hidden.c"
gcc -O2 -shared -fPIC -nostdlib -s -o "$dir/libhidden.so" "$dir/hidden.c"
expect "beside symbols, what only the unwinder knows" 0 '^ *[0-9]+ live +0x[0-9a-f]+: lea eax' "$lab" pip --all "$dir/libhidden.so"
expect "... and each function once"    0 '^2$' sh -c "$lab pip --all $dir/libhidden.so 2>/dev/null | wc -l"

# a jump of 8 bits at the begin of the address space that leads around its end
printf '.globl _start\n.type _start,@function\n_start: test %%eax,%%eax\n.byte 0x74,0x80\nret\n.fill 16,1,0x90\n.size _start,.-_start\n.section .note.GNU-stack,"",@progbits\n' >"$dir/zero.s"
gcc -nostdlib -static -Wl,-N,-Ttext=0,--build-id=none,--no-warn-rwx-segments -o "$dir/zero" "$dir/zero.s"
expect "a jump around the address space" 0 'of 102 registers are live' "$lab" pip "$dir/zero" 0x0

# other points to resume at: what is live at any of them is live
expect "resumed elsewhere: still dead" 0 'rax +gpr .*inconsequential' "$lab" pip --resume known+0 "$known" known+0
expect "resumed elsewhere: live there" 0 'rax +gpr .*live +first use at known\+0x2' "$lab" pip --resume known+2 "$known" known+0
expect "several points"                0 'or resumed at known\+0x4' "$lab" pip -r known+2 -r known+4 "$known" known+0
expect "no such point to resume at"    2 'not the start of an instruction' "$lab" pip --resume known+3 "$known" known+0
expect "every function"                0 '^ *[0-9]+ live +main' "$lab" pip --all "$known"
expect "--all takes a file alone"      2 'takes a file alone' "$lab" pip --all "$known" known
# what a sanitizer adds to the lab makes it several times as long, and takes a minute
if grep -q __asan_init "$lab"; then own=$programs/integers-gcc-O2 function=main; else own=$lab function=pip_report_all; fi
expect "a whole program: the lab's own binary" 0 "live +$function" "$lab" pip --all "$own"

# a generated switcher: reasons in the file; it registers itself, is checked, mutated and timed like any other
points=$programs/points emitted=$B/tests/pip/emitted
expect "no register for the address"   2 'none can hold the context' "$lab" pip --emit "$dir/full" full
expect "the reason beside a save"      0 'MARK\("save", "rbx", .*first use at points\+0x6' "$lab" pip --emit "$points" at_integers
expect "the reason in the contract"    0 '"rcx", NULL, INCONSEQUENTIAL, "dead: overwritten' "$lab" pip --emit "$points" at_integers
expect "--emit and --resume"           0 'where control may resume \[0034\]: points\+0x1b' "$lab" pip --emit --resume at_vectors "$points" at_integers
expect "what it saves"                 0 'rbx +gpr +64 bits +saved +first use' "$emitted" list --contract -s 'pip-points-0x6'
for point in 0x6 0xd 0x1b 0x29 0x36 0x47; do
    expect "at $point: the contract check" 0 'pass  pip-points' "$emitted" check -s "pip-points-$point"
    expect "at $point: every mutant dies"  0 'killed \(100.0%\)' "$emitted" mutate -s "pip-points-$point"
done
expect "beside scratch and full"       0 'pip-points-0x47 +pip +jmp' "$emitted" run -q -p 1 -s '@(pip-points-0x47|scratch|full)' -e pingpong --out "$dir/emitted.jsonl"

# the proof: PIPs in every build of every program, everything called inconsequential corrupted at once
expect "PIPs of compiled programs survive" 0 '^([2-9][0-9]{2}|[0-9]{4,}) PIPs tried, 0 wrong' "$B/tests/pip/prove" --pips 30 "$programs"/*-O[0-3]
tail -1 "$dir/out"

expect "every verdict is right where it can be" 0 'that changes nothing: 0$' "$B/tests/pip/prove" --exact --pips 0 "$programs/exact"
tail -1 "$dir/out"

# IA-64: the same command, and the same proof in the simulator
queens=tests/engines/ia64/programs/c/queens-O2.elf
expect "IA-64: a general register"     0 'r2 +gr +65 inconsequential +dead: overwritten before any read, at 0x108001: movl r2' "$lab" pip "$queens" 0x108000
expect "IA-64: the register stack"     0 'r32 +stacked +65 live +kept by the register stack engine' "$lab" pip "$queens" 0x108000
expect "IA-64: not a slot"             2 'not the start of an instruction' "$lab" pip "$queens" 0x108003
expect "IA-64: --emit is not there"    2 'not there for ia64' "$lab" pip --emit "$queens" 0x108000
expect "IA-64: PIPs survive in the simulator" 0 '^([2-9][0-9]{2}) PIPs tried in the simulator, 0 wrong' "$B/tests/pip/prove_ia64" --pips 30 \
    tests/engines/ia64/programs/c/*-O2.elf "$B"/ia64/programs/[a-r]*.elf
tail -1 "$dir/out"
# an argument of its own in r20, passed through a branch register
expect "IA-64: a call through a register may read anything" 0 ' tried in the simulator, 0 wrong' "$B/tests/pip/prove_ia64" --pips 100000 "$B/ia64/programs/branch.elf"

expect_end
