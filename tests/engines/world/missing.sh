#!/bin/sh
# What a kernel-mode run does without QEMU, without /dev/kvm too, and on a CPU that the runner has no form for: kvm serves, then a
# skip says why and what to do. B is the build folder.
set -u
B=${B:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0 number=0

# as in tests/cli/expect.sh, but the command may be a function of this file, which may read what the one before printed.
# expect NAME CODE TEXT COMMAND...: the command ends with CODE and prints TEXT (a grep -E pattern) somewhere
expect() {
    name=$1 code=$2 text=$3
    shift 3
    number=$((number + 1))
    "$@" >"$dir/new" 2>&1 </dev/null
    got=$?
    mv "$dir/new" "$dir/out"
    [ $got = "$code" ] && { [ -z "$text" ] || grep -qE -e "$text" "$dir/out"; } && return
    printf '%s\n' "FAIL $name: exit code $got, expected $code; expected text '$text', got:"
    sed 's/^/    /' "$dir/out" | head -20
    failures=$((failures + 1))
}

run() { # FOLDER COMMAND...: of the plain pip switcher, its map and its counts
    folder=$1
    shift
    "$@" "$B/switchlab" run --arch x86_64-kernel --switcher pip --mask none --experiment '@(worldswitch|interruption)' --quick \
        --seed 1 --results "$dir/$folder"
}
said() { cat "$dir/out"; }
counts() { "$B/switchlab" show --tsv figures "$dir/$1/latest.jsonl" | cut -f 2-; }
cells() { "$B/switchlab" show --tsv cells "$dir/$1/latest.jsonl" | grep "^$2	" | cut -f 2-; }

[ "$(uname -m)" = x86_64 ] || { echo "the runner on /dev/kvm is for x86_64"; exit 77; }
[ -r /dev/kvm ] && [ -w /dev/kvm ] || { echo "/dev/kvm can't be opened"; exit 77; }

# every program but QEMU
mkdir "$dir/bin"
for program in /usr/bin/* /bin/*; do
    case ${program##*/} in qemu-*) continue ;; esac
    [ -e "$dir/bin/${program##*/}" ] || ln -s "$program" "$dir/bin/" || exit 1
done
no_qemu="env PATH=$dir/bin"

expect "without qemu kvm serves"            0 'x86_64-kernel on kvm \(counted\)' run kvm $no_qemu
expect "and counts"                         0 'direction round trip, x86_64-kernel on kvm \(counted\)' said
expect "and reaches every boundary"         0 'boundaries reached: ([0-9]+) of \1 \(100%\)' said
expect "and says that qemu was skipped"     0 'skipped: qemu: qemu-system-x86_64 is not there: the package qemu-system-x86 has it' said
if command -v qemu-system-x86_64 >/dev/null; then
    expect "with both, both map"            0 'kvm and qemu agree in 1 of 1 maps' run both env
    counts kvm >"$dir/kvm-counts"
    counts both >"$dir/qemu-counts"
    cells kvm kvm >"$dir/kvm-cells"
    cells both qemu >"$dir/qemu-cells"
    expect "kvm alone counts what qemu counts" 0 '' cmp "$dir/kvm-counts" "$dir/qemu-counts"
    expect "there are counts"               0 'instructions	32	' cat "$dir/kvm-counts"
    expect "kvm alone finds the map of qemu" 0 '' cmp "$dir/kvm-cells" "$dir/qemu-cells"
    expect "there are cells"                0 'corrupted' cat "$dir/kvm-cells"
fi

# /dev/kvm, as another user or with another device in its place
hidden="unshare -rm sh -c 'mount --bind /dev/null /dev/kvm && exec \"\$@\"' hidden"
if eval "$hidden true" 2>/dev/null; then
    without() { eval "$hidden \"\$@\""; }
    expect "without /dev/kvm qemu serves"   0 'x86_64-kernel on qemu \(counted\)' run qemu without
    expect "without both a skip"            77 'skipped: kvm: /dev/kvm does not speak' run none without $no_qemu
    expect "that names what to install"     0 'skipped: qemu: .*the package qemu-system-x86 has it \(make deps bench ARCH=x86_64 MODE=kernel\)' said
    expect "and says that nothing ran"      0 'nothing to run: no engine takes these switchers' said
    expect "and stays in the record"        0 '"type":"skip".*"what":"kvm"' cat "$dir/none/latest.jsonl"
    expect "vmexit without /dev/kvm"        77 'does not speak' without "$B/switchlab" vmexit
fi
if [ "$(id -u)" = 0 ] && ! setpriv --reuid 65534 --regid 65534 --clear-groups test -w /dev/kvm; then
    chmod 755 "$dir"
    expect "another user is told who may"   77 "can't be opened: Permission denied; root may open it, and the group" \
        setpriv --reuid 65534 --regid 65534 --clear-groups "$B/switchlab" vmexit
fi
expect "a CPU without a form of the runner" 77 'no form for i[36]86, there is no engines/kvm/i[36]86.c; qemu runs the worlds, without cycles' \
    setarch i686 "$B/switchlab" vmexit
echo "$((number - failures)) passed, $failures failed"
[ $failures = 0 ]
