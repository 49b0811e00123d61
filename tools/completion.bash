# Bash completion for switchlab: commands and options as the program itself prints them, so that nothing is listed twice.
_switchlab() {
    local lab=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=
    [ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}
    [ "$word" != = ] || word=
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        words="--help $("$lab" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')"
    else
        case $before in
        --switcher | -s) words=$("$lab" list 2>/dev/null | awk '/^[a-z]/ { part = $1 } /^ / && part == "switchers" { print $1 }' | sort -u) ;;
        --experiment | -e) words=$("$lab" list 2>/dev/null | awk '/^[a-z]/ { part = $1 } /^ / && part == "experiments" { print $1 }') ;;
        --engine | -E) words=$("$lab" list 2>/dev/null | awk '/^[a-z]/ { part = $1 } /^ / && part == "engines" { print $1 }') ;;
        --format | -f) [ "$command" != export ] || words=$("$lab" export --list 2>/dev/null | awk '{ print $1 }') ;;
        --view) words="pingpong ratios pressure counts maps" ;;
        esac
        case $word in -*) words=$("$lab" "$command" --help 2>/dev/null | grep -oE -e '--[a-z-]+' | sort -u) ;; esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _switchlab switchlab
