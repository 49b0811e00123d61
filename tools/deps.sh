#!/bin/sh
# deps.sh GOAL...: installs the Debian packages that these goals need. docs/dependencies.md says what each is for.
set -eu

bench="libjansson-dev libgsl-dev libpfm4-dev libcapstone-dev libelf-dev libboost-context-dev libpcl1-dev gnuplot-nox fonts-liberation"
aarch64="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user qemu-system-arm"
riscv64="gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-user qemu-system-misc"
test="libcmocka-dev valgrind clang binutils-ia64-linux-gnu"
fuzz="clang binutils-ia64-linux-gnu"
fleet="slurm-wlm munge parallel openssh-server openssh-client rsync procps binutils-ia64-linux-gnu libcmocka-dev"
tools="hyperfine linux-perf"
browser=chromium
command -v npm >/dev/null || browser="$browser nodejs npm" # any Node.js from 18 on will do
exchange="libbenchmark-tools python3-scipy help2man"

packages="gcc libc6-dev $bench"
x86_64="qemu-system-x86"
[ "$(uname -m)" = x86_64 ] || x86_64="$x86_64 gcc-x86-64-linux-gnu"
case "${ARCH:-}${MODE:+-$MODE}" in
ia64) packages="$packages binutils-ia64-linux-gnu" ;;
x86_64-kernel) packages="$packages $x86_64" ;;
aarch64*) packages="$packages $aarch64" ;;
riscv64*) packages="$packages $riscv64" ;;
esac
for goal in "${@:-test}"; do
    case $goal in
    test) packages="$packages $test $tools $exchange $x86_64 $aarch64 $riscv64" ;;
    bench-all) packages="$packages binutils-ia64-linux-gnu $x86_64 $aarch64 $riscv64" ;;
    test-kernel-worlds | worlds-x86_64) packages="$packages $test $x86_64" ;;
    worlds | regress | baseline | pairs | fuzz | fuzz-pip | pip-proof | coverage | bench-sim | bench-copy | compare-ski) packages="$packages $fuzz" ;;
    install) packages="$packages help2man" ;;
    test-report) packages="$packages $browser" ;;
    fleet | test-fleet | fleet-scaling) packages="$packages $fleet" ;;
    perf | crosscheck) packages="$packages $tools" ;;
    esac
done

if ! command -v dpkg-query >/dev/null; then
    echo "make deps: this is not a Debian system. Install the equivalents of: $packages" >&2
    exit 77
fi
missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "make deps: not root, and no sudo. As root: apt-get install$missing" >&2; exit 1; }
    sudo=sudo
fi
echo "make deps: installing$missing"
$sudo apt-get -qq update
# shellcheck disable=SC2086 # a list of words
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $missing >/dev/null
