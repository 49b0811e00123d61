# map.awk: from places (switcher, kind, place) and the cells of `switchlab show --tsv cells`: place, boundary as a part of the whole,
# outcome: 1 ok, 2 corrupted, 3 crashed, 4 hung
BEGIN { FS = "\t" }
NR == FNR { place[$1] = $3; next }
$6 == "all" { n[$2] = $5; next }
{ bad[$2, $5] = $6 == "corrupted" ? 2 : $6 == "crashed" ? 3 : 4 }
END {
    for (s in n)
        for (b = 0; b < n[s]; b++) printf "%d\t%.5f\t%d\n", place[s], (b + 0.5) / n[s], ((s, b) in bad) ? bad[s, b] : 1
}
