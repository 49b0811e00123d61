#!/bin/sh
# plots/map.sh from outside: what it draws, and bad input. B is the build folder.
set -u
B=${B:-build}
export SWITCHLAB=$B/switchlab
limit=60
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh

command -v gnuplot >/dev/null || { echo "gnuplot is not installed"; exit 77; }

# line TYPE FIELDS: a line of a record
run='{"type":"run","schema":1,"run":"r","time":"2026-01-31T12:00:00Z","commit":null,"seed":1,"env":{},"clock":{"source":"none"}}'
map() {
    echo "{\"type\":\"map\",\"run\":\"r\",\"experiment\":\"interruption\",\"switcher\":\"$1\",\"kind\":\"pip\",\"arch\":\"a\",\"mask\":\"${3:-none}\",\"engine\":\"e\",\"direction\":\"d\",\"interrupts\":1,\"boundaries\":4,\"corrupted\":1,\"crashed\":0,\"hung\":0,\"cells\":[{$2\"side\":\"out\",\"outcome\":\"corrupted\"}]}"
}
{ echo "$run"; map one '"boundary":2,'; map two '"boundary":0,'; } >"$dir/good.jsonl"
{ echo "$run"; map one '"boundary":2,' cli; map two '"boundary":2,' cli; map two '"boundary":0,'; map one '"boundary":0,'; } >"$dir/masks.jsonl"
{ echo "$run"; map one '"position":2,'; } >"$dir/no-boundary.jsonl"
echo "$run" >"$dir/no-map.jsonl"

expect "no arguments"            2 usage plots/map.sh
expect "a record that is not there" 2 'cannot read' plots/map.sh "$dir/none" "$dir" map
expect "a record without a map"  2 'no map' plots/map.sh "$dir/no-map.jsonl" "$dir" map
expect "cells without a boundary" 2 'at which boundary' plots/map.sh "$dir/no-boundary.jsonl" "$dir" map
expect "a folder that can't be made" 1 '' plots/map.sh "$dir/good.jsonl" "$dir/good.jsonl/x" map
expect "a map"                   0 'map.svg .*map.pdf' plots/map.sh "$dir/good.jsonl" "$dir" map
# neighbours that agree are one box: kept, lost, kept; and lost, kept
expect "as many boxes as changes" 0 '^5$' grep -c '<polygon fill' "$dir/map.svg"
expect "one is red in each row"  0 '^2$' sh -c "grep '<polygon fill' '$dir/map.svg' | grep -c 'rgb(213, *94, *0)'"
expect "maps of two masks"       0 '' plots/map.sh "$dir/masks.jsonl" "$dir" masks
expect "a switcher's masks are neighbours, none first" 0 '^one one/cli two two/cli $' \
    sh -c "grep -oE '<text>(one|two)(/cli)?' '$dir/masks.svg' | sed 's,<text>,,' | tr '\n' ' '"
expect_end
