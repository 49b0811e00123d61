# points.awk: from `show --tsv EXPERIMENT`, the points of the last run that have a figure, for plots of cost against a parameter.
# Variables: metric; panel and x, names of columns; layout, names of columns joined by commas, whose values joined by commas tell
# curves of one kind apart; spaces in values become underscores. Only curves of `least` points or more. Sorted by curve, then x.
BEGIN { FS = OFS = "\t" }
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
{ rows[NR] = $0; last = $at["run"]; group[NR] = $at["run"] FS $at["arch"] FS $at["engine"] }
function value(name,   v) { v = $at[name]; gsub(" ", "_", v); return v }
END {
    print "panel", "layout", "kind", "name", "x", "cost", "lo", "hi"
    for (n = 2; n <= NR && chosen == ""; n++) if (index(group[n], last FS) == 1) chosen = group[n]
    columns = split(layout, names, ",")
    for (n = 2; n <= NR; n++) {
        $0 = rows[n]
        if (group[n] != chosen || $at[metric] == "-" || $at[x] == "-") continue
        which = ""
        for (i = 1; i <= columns; i++) which = which (i > 1 ? "," : "") value(names[i])
        name = $at["switcher"] ($at["mask"] == "none" ? "" : "/" $at["mask"])
        curve = (panel ? value(panel) : "-") OFS which OFS $at["kind"] OFS name
        if (!(curve in count)) order[++curves] = curve
        point[curve, ++count[curve]] = $at[x] OFS $at[metric] OFS $at[metric "_lo"] OFS $at[metric "_hi"]
    }
    for (c = 1; c <= curves; c++) {
        curve = order[c]
        if (count[curve] < least) continue
        for (i = 2; i <= count[curve]; i++)
            for (k = i; k > 1 && point[curve, k] + 0 < point[curve, k - 1] + 0; k--) {
                t = point[curve, k]; point[curve, k] = point[curve, k - 1]; point[curve, k - 1] = t
            }
        for (i = 1; i <= count[curve]; i++) print curve, point[curve, i]
    }
}
