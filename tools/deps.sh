#!/bin/sh
# deps.sh GOAL...: installs the Debian packages that these goals need. docs/dependencies.md says what each is for.
set -eu

bench="libjansson-dev libgsl-dev libpfm4-dev libcapstone-dev libelf-dev libboost-context-dev libpcl1-dev gnuplot-nox fonts-liberation"
test="libcmocka-dev valgrind clang binutils-ia64-linux-gnu"
fuzz="clang binutils-ia64-linux-gnu"
fleet="slurm-wlm munge parallel openssh-server openssh-client rsync procps binutils-ia64-linux-gnu libcmocka-dev"
tools="hyperfine linux-perf"
browser=chromium
command -v npm >/dev/null || browser="$browser nodejs npm" # any Node.js from 18 on will do
exchange="libbenchmark-tools python3-scipy"

packages="gcc libc6-dev $bench"
[ "${ARCH:-}" != ia64 ] || packages="$packages binutils-ia64-linux-gnu"
for goal in "${@:-test}"; do
    case $goal in
    test) packages="$packages $test $tools $exchange" ;;
    worlds | regress | baseline | pairs | fuzz | fuzz-pip | pip-proof | coverage | bench-sim | bench-copy | compare-ski) packages="$packages $fuzz" ;;
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
