#!/bin/sh
# regress.sh BUILD RESULTS RECORD...: exact figures of each record against results/baseline, then this machine's times against those
# that `make baseline` kept. GATE=time: a confirmed slower cell fails; ANNOTATE=github: workflow annotations. Exit 0, 1 on a
# regression. A compiler without a baseline and a machine without kept times are skips, and say so.
set -u
build=$1 results=$2
shift 2
lab=$build/switchlab code=0
annotate=${ANNOTATE:+--annotate=$ANNOTATE}

for record in "$@"; do
    echo "regress: $(basename "$record" .jsonl | sed 's/exact-//'), exact figures"
    # shellcheck disable=SC2086 # none or one word
    "$lab" compare $annotate results/baseline "$record" >"$build/regress.log" 2>&1
    case $? in
    0) sed -n '/^Exact figures/,$p' "$build/regress.log" ;;
    77) cat "$build/regress.log" ;;
    *) cat "$build/regress.log"; code=1 ;;
    esac
done

kept=$results/times.jsonl now=$build/times.jsonl
if [ ! -f "$kept" ]; then
    echo "regress: times: skipped: $kept is not there; \`make baseline\` keeps this machine's times"
else
    echo "regress: times"
    rm -f "$now"
    "$lab" run --experiment pingpong --out "$now" >"$build/times.log" 2>&1 || { cat "$build/times.log"; code=1; }
    program=$results/program/switchlab
    # shellcheck disable=SC2086
    "$lab" compare $annotate --gate "$([ "${GATE:-}" = time ] && echo time || echo none)" --confirm \
        $([ -x "$program" ] && echo "--base-program $program") --results "$results" "$kept" "$now" || code=$?
fi
exit $code
