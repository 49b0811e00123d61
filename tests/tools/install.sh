#!/bin/sh
# make install under DESTDIR and PREFIX: the installed program runs in all its layouts, from anywhere; man pages and completion are there.
set -u
B=${B:-build}
lab=$B/switchlab
# shellcheck source=tests/cli/expect.sh
. tests/cli/expect.sh
to=$dir/stage/opt/lab

expect "install"                 0 '' env -u MAKEFLAGS -u MAKELEVEL make -s install B="$B" CC="${CC:-gcc}" DESTDIR="$dir/stage" PREFIX=/opt/lab
expect "nothing outside the prefix" 0 '^opt$' ls "$dir/stage"
expect "it runs"                 0 'Usage: switchlab COMMAND' "$to/bin/switchlab" --help
expect "it runs from elsewhere"  0 'pip +pip' sh -c "cd / && '$to/bin/switchlab' list"
here=$(ls "$B"/switchlab "$B"/switchlab.? | wc -l)
expect "every layout is there"   0 "^$here\$" sh -c "ls '$to'/libexec/switchlab/switchlab* | wc -l"
expect "and run uses them"       0 "\"layouts\": ?$here" sh -c "'$to/bin/switchlab' run -q -p 1 -s pip -t jmp -e pingpong --out '$dir/r.jsonl' >/dev/null 2>&1; cat '$dir/r.jsonl'"
expect "the simulator"           0 '[Uu]sage' "$to/bin/ia64sim" --help
if [ -e "$B/worlds/ia64/pip-none.elf" ]; then
    installed=$to/libexec/switchlab/worlds/ia64/pip-none.elf
    expect "it has its worlds"   0 'pass' "$to/bin/switchlab" check -a ia64 -E ia64sim -s pip -m none
    echo broken >"$installed"
    expect "they are its own"    1 "$installed" "$to/bin/switchlab" check -a ia64 -E ia64sim -s pip -m none
fi
if command -v help2man >/dev/null; then
    expect "a page of the program" 0 'switchlab .- a performance lab' cat "$to/share/man/man1/switchlab.1"
    expect "a page of each command" 0 '' sh -c "'$lab' --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | while read -r c; do grep -q DESCRIPTION '$to/share/man/man1/switchlab-'\$c.1 || exit 1; done"
else
    echo "man pages: not tried: help2man is not installed (make deps test)"
fi

# complete WORDS...: what is offered for the last word
cat >"$dir/complete" <<END
. '$to/share/bash-completion/completions/switchlab'
COMP_WORDS=('$to/bin/switchlab' "\$@") COMP_CWORD=\$#
_switchlab
echo "\${COMPREPLY[*]}"
END
expect "completes a command"     0 '^export$' bash "$dir/complete" ex
expect "completes an option"     0 '^--format$' bash "$dir/complete" export --fo
expect "completes a format"      0 '^google$' bash "$dir/complete" export --format go
expect "completes a switcher"    0 '^scratch scratch\+fp$' bash "$dir/complete" run --switcher scr
expect "completes an engine"     0 '^native$' bash "$dir/complete" run --engine nat
expect "and knows nothing else"  0 '^$' bash "$dir/complete" run --switcher x-

expect_end
