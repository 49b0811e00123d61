# expect.sh: sourced by tests of the program from outside. expect NAME CODE TEXT COMMAND...: the command ends with CODE and prints
# TEXT (a grep -E pattern) somewhere, within $limit seconds (120); expect_end prints the tally and is the test's exit code. $dir is a folder that goes away.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0 number=0

expect() {
    name=$1 code=$2 text=$3
    shift 3
    number=$((number + 1))
    timeout "${limit:-120}" "$@" >"$dir/out" 2>&1 </dev/null
    got=$?
    if [ $got != "$code" ] || { [ -n "$text" ] && ! grep -qE -e "$text" "$dir/out"; }; then
        echo "FAIL $name: exit code $got, expected $code; expected text '$text', got:"
        sed 's/^/    /' "$dir/out" | head -20
        failures=$((failures + 1))
    fi
}

expect_end() {
    echo "$((number - failures)) passed, $failures failed"
    [ $failures = 0 ]
}
