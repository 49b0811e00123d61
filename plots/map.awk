# map.awk: from places (switcher, kind, place) and the cells of `switchlab show --tsv cells`: place, from and to as parts of the whole,
# outcome: 1 ok, 2 corrupted, 3 crashed, 4 hung; neighbours that agree are one
BEGIN { FS = "\t" }
NR == FNR { place[$1] = $3; next }
$6 == "all" { n[$2] = $5; next }
$6 != "ok" { bad[$2, $5] = $6 == "corrupted" ? 2 : $6 == "crashed" ? 3 : 4 }
function outcome(s, b) { return ((s, b) in bad) ? bad[s, b] : 1 }
END {
    for (s in n)
        for (b = from = 0; b < n[s]; b++)
            if (b + 1 == n[s] || outcome(s, b + 1) != outcome(s, b)) {
                printf "%d\t%.5f\t%.5f\t%d\n", place[s], from / n[s], (b + 1) / n[s], outcome(s, b)
                from = b + 1
            }
}
