#!/bin/sh
# man.sh SWITCHLAB FOLDER: man pages from the help texts: switchlab.1, and one a command, as switchlab-run.1.
set -eu
lab=$1 folder=$2
command -v help2man >/dev/null || { echo "man.sh: skipped: help2man is not installed; make deps install installs it" >&2; exit 77; }
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# page NAME SUMMARY PROGRAM: the page's date is the program's, so that the same build gives the same page
page() {
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$lab")} help2man --no-info --no-discard-stderr --version-string=switchlab \
        --name "$2" --include "$work/see" --output "$folder/$1.1" "$3"
}
commands=$("$lab" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
{
    echo '[see also]'
    for command in $commands; do printf '.BR switchlab-%s (1),\n' "$command"; done | sed '$s/,$//'
    printf '\n[exit status]\n0 done, 1 a check failed or a regression was found, 2 wrong use, 77 skipped, with the reason.\n'
} >"$work/see"
page switchlab 'a performance lab for context switches' "$lab"
for command in $commands; do
    page "switchlab-$command" "$("$lab" --help | sed -n "s/^  $command  *//p")" "$lab $command"
done
