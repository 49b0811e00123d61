#!/bin/sh
# newest.sh SWITCHLAB RESULTS TABLE PATTERN: the newest record in RESULTS whose `show --tsv TABLE` has a line with PATTERN; nothing when there is none.
set -eu
for record in $(ls -t "$2"/*-*.jsonl 2>/dev/null); do
    if [ ! -L "$record" ] && "$1" show --tsv "$3" "$record" 2>/dev/null | grep -q "$4"; then
        echo "$record"
        exit 0
    fi
done
