#!/bin/bash
# map-ski.sh [WORLD...]: the corruption map once more, on Ski. At every boundary of a switch, out and back, both engines run the same
# world to its end with one interrupt there. What the world prints must be the same on both: the ticks served, the words of X lost.
# And it must have lost some where the lab's map says corrupted, and none elsewhere; before the PIP X is not saved yet, so what is lost there does not count [0021]. A world: pip-masked, scratch-none, ...
# B: the build folder. SKI: bski. Exit: 0 all agree, 1 not, 77 skipped.
set -u
b=${B:-build}
export SIM=$b/ia64sim SKI=${SKI:-$(command -v bski)}
worlds=("$@")
[ $# -gt 0 ] || worlds=(pip-masked pip-none scratch-masked scratch-none)
[ -x "$SKI" ] || { echo "skipped: no bski: build Ski 1.5.1 from github.com/trofi/ski and put it on the PATH, or name it in SKI" >&2; exit 77; }
scratch=$(mktemp -d)
export scratch
trap 'rm -rf "$scratch"' EXIT

# where ELF: of the way out: how many instructions come before it, where the last of them is as Ski writes it (four to a slot), how
# many it has; the same of the way back; and the boundary of the PIP
where() {
    "$SIM" --trace "$1" 2>&1 >/dev/null | awk -v symbols="$(ia64-linux-gnu-nm "$1" | tr '\n' ';')" '
        BEGIN { n = split(symbols, lines, ";")
                for (i = 1; i <= n; i++) { split(lines[i], f, " "); sub(/^0*/, "", f[1]); at[f[3]] = f[1] ".0" } }
        $2 !~ /\.[012]$/ { next }
        !out && $2 == at["driver_call"] { out = $1; out_after = before }
        out && !pip && $2 == at["switch_pip"] { pip = $1 }
        out && !enter && $2 == at["vm_enter"] { enter = $1 }
        enter && !back && $2 == at["switch_back"] { back = $1; back_after = before }
        back && ($2 == at["resume_tick"] || $2 == at["resume_put"] || $2 == at["resume_stop"]) {
            print out - 1, out_after, enter - out, back - 1, back_after, $1 - back, pip - out
            exit
        }
        { before = substr($2, 1, length($2) - 3) 4 * substr($2, length($2)) }'
}

# at ELF ADDRESS STEPS NUMBER BOUNDARY: the interrupt comes before instruction NUMBER. Ski takes one that a script makes pending
# behind one more instruction, so it stops one earlier. Prints BOUNDARY, whether both say the same, and the words of X lost on each
at() {
    local script=$scratch/$BASHPID theirs ours
    { printf 'bs %s\ncont\nbd 0\n' "$2"
      [ "$3" = 0 ] || echo "step $3"
      printf '= itm 0x7100000000000000\n= itc 0x7100000000000000\ncont\nquit\n'
    } >"$script"
    theirs=$(timeout 20 "$SKI" -noconsole -nonet -i "$script" "$1" 2>/dev/null </dev/null | sed -n '/^host:/p; /^vm:/p; /^end/p')
    ours=$(timeout 20 "$SIM" --interrupt-at="$4" "$1" 2>/dev/null </dev/null | sed -n '/^host:/p; /^vm:/p; /^end/p')
    rm -f "$script"
    same=no
    [ -n "$theirs" ] && [ "$theirs" = "$ours" ] && same=yes
    echo "$5 $same $(sed -n 's/.*X lost //p' <<<"$theirs") $(sed -n 's/.*X lost //p' <<<"$ours")"
}
export -f at

# the lab's own map of a world: the boundaries where something is lost
own_map() {
    local mask=none
    [ "${1##*-}" = masked ] && mask=psr.i
    "$b/switchlab" run --arch ia64 --engine ia64sim --experiment interruption --switcher "${1%-*}" --mask $mask \
        --out "$scratch/$1.jsonl" >/dev/null 2>&1 || return 1
    "$b/switchlab" show --tsv cells "$scratch/$1.jsonl" | awk -F '\t' '$6 == "corrupted" || $6 == "crashed" || $6 == "hung" { print $5 }'
}

failed=0
printf '%-24s %10s %6s %12s %12s\n' world boundaries same 'lost on Ski' 'lost in map'
for world in "${worlds[@]}"; do
    elf=$b/worlds/ia64/$world.elf
    [ -r "$elf" ] || { echo "map-ski.sh: no world $elf; make worlds builds it" >&2; exit 2; }
    read -r out out_after outs back back_after backs pip < <(where "$elf")
    { for ((i = 0; i < outs; i++)); do echo "$elf $out_after $i $((out + i)) $i"; done
      for ((i = 0; i < backs; i++)); do echo "$elf $back_after $i $((back + i)) $((outs + i))"; done
    } | xargs -P "$(nproc)" -L 1 bash -c 'at "$@"' at | sort -n >"$scratch/seen"
    own_map "$world" | sort >"$scratch/map" || { echo "map-ski.sh: no map of $world" >&2; exit 1; }
    awk -v pip="$pip" '$3 > 0 && $1 >= pip { print $1 }' "$scratch/seen" | sort >"$scratch/lost"
    printf '%-24s %10d %6d %12d %12d\n' "$world" $((outs + backs)) "$(grep -c ' yes ' "$scratch/seen")" \
        "$(wc -l <"$scratch/lost")" "$(wc -l <"$scratch/map")"
    if grep -v ' yes ' "$scratch/seen" || ! cmp -s "$scratch/lost" "$scratch/map"; then
        diff "$scratch/lost" "$scratch/map" | head -20
        failed=1
    fi
done
exit $failed
