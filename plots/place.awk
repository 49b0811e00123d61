# place.awk: from `show --tsv pingpong`, the rows of the last run that have a figure, each with a label and a
# place on the axis. Kinds are set apart, and the first row of each names it. Variables: metric.
BEGIN { FS = OFS = "\t" }
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; header = $0; next }
{ rows[NR] = $0; runs[NR] = $at["run"]; groups[NR] = $at["arch"] FS $at["engine"]; last = $at["run"] }
END {
    for (n = 2; n <= NR && group == ""; n++) if (runs[n] == last) group = groups[n]
    for (n = 2; n <= NR; n++) {
        $0 = rows[n]
        wanted[n] = runs[n] == last && groups[n] == group && $at[metric] != "-"
        name = $at["switcher"] ($at["mask"] == "none" ? "" : "/" $at["mask"])
        if (wanted[n] && !seen[name, $at["transfer"]]++) transfers[name]++
    }
    print header, "label", "first", "place"
    for (n = 2; n <= NR; n++) {
        if (!wanted[n]) continue
        $0 = rows[n]
        name = $at["switcher"] ($at["mask"] == "none" ? "" : "/" $at["mask"])
        if (kind != "" && kind != $at["kind"]) place += 0.7
        print $0, name (transfers[name] > 1 ? " " $at["transfer"] : ""), kind == $at["kind"] ? "-" : $at["kind"], place + 0
        kind = $at["kind"]
        place++
    }
}
