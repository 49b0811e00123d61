#!/bin/bash
# corpus.sh SWITCHLAB MUTATE [COMMANDS]: COUNT (1000) mutated record files through every line of COMMANDS (tests/records/commands).
# A command may refuse a file, with exit code 1, 2 or 77; it may not crash, hang, exit otherwise, or be reported by a sanitizer.
# What went wrong stays in KEEP (/tmp/switchlab-corpus). JOBS files at once. Exit 1 when anything went wrong.
set -u
lab=$1 mutate=$2 commands=${3:-tests/records/commands}
count=${COUNT:-1000} keep=${KEEP:-/tmp/switchlab-corpus} jobs=${JOBS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export ASAN_OPTIONS="exitcode=99:detect_leaks=1:abort_on_error=0" UBSAN_OPTIONS="halt_on_error=1:exitcode=99:print_stacktrace=1"

has() { "$lab" --help | grep -q "^  $1 "; }
while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    if has "${line%% *}"; then echo "$line"; else echo "corpus: skipped: the program has no '${line%% *}': $line" >&2; fi
done <"$commands" >"$work/commands"
[ -s "$work/commands" ] || { echo "corpus: the program has none of the commands" >&2; exit 2; }

seed=tests/records/seed.jsonl
mkdir "$work/files"
"$mutate" "$seed" "$count" "$work/files" || exit 1

# one file through all commands; a line for each that went wrong
try() {
    file=$1 dir=$work/dir.$2
    mkdir -p "$dir"
    while read -r line; do
        line=${line//FILE/$file} line=${line//BASE/$seed} line=${line//DIR/$dir}
        # shellcheck disable=SC2086 # words
        timeout 60 "$lab" $line >"$dir/out" 2>&1 </dev/null
        code=$?
        case $code in 0 | 1 | 2 | 77) continue ;; esac # a sanitizer's report is 99
        echo "FAIL exit code $code: switchlab ${line//"$work/files"/$keep}"
        mkdir -p "$keep"
        cp "$file" "$keep/"
        grep -m 3 -E 'Sanitizer|runtime error:|    #[0-3]' "$dir/out" | sed 's/^/    /'
    done <"$work/commands"
    rm -rf "$dir"
}

for job in $(seq "$jobs"); do
    for file in "$work"/files/*; do
        number=$((10#$(basename "$file" .jsonl)))
        [ $((number % jobs)) != $((job - 1)) ] || try "$file" "$job"
    done >"$work/said.$job" &
done
wait
cat "$work"/said.*
failures=$(cat "$work"/said.* | grep -c '^FAIL' || true)
echo "corpus: $count mutated records through $(grep -c . "$work/commands") commands each: $failures went wrong"
[ "$failures" = 0 ]
