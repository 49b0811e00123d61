# curves.awk: prepares pressure.gp's two tables from `show --tsv pressure` (first file) and `show --tsv crossover`
# (second): the last run, one curve a switcher (its cheapest transfer), labels set apart at the right.
# Variables: metric; curves and marks (names, and where curves meet): the files to write.
BEGIN { FS = OFS = "\t"; split("pip scratch full peer", order, " ") }
function columns(   i) { split("", at); for (i = 1; i <= NF; i++) at[$i] = i }
function name() { return $at["switcher"] ($at["mask"] == "none" ? "" : "/" $at["mask"]) }
function group() { return $at["run"] FS $at["arch"] FS $at["engine"] }
FNR == 1 { columns(); file_number++; next }
file_number == 1 { rows[++n] = $0; if ($at["run"] != run) { run = $at["run"]; chosen = group() } for (c in at) first[c] = at[c]; next }
{ met[++m] = $0; for (c in at) second[c] = at[c] }

# Names stand at the ends of their curves; those that would overlap push each other apart.
function set_apart(file,   i, k, t, count, sorted, y, gap, short, round) {
    for (i = 1; i <= number; i++) if ((file, i) in end) sorted[++count] = i
    for (i = 2; i <= count; i++)
        for (k = i; k > 1 && end[file, sorted[k]] < end[file, sorted[k - 1]]; k--) {
            t = sorted[k]; sorted[k] = sorted[k - 1]; sorted[k - 1] = t
        }
    gap = 0.065 * top[file]
    for (i = 1; i <= count; i++) y[i] = end[file, sorted[i]]
    for (round = 0; round < 200; round++)
        for (i = 2; i <= count; i++) {
            short = gap - (y[i] - y[i - 1])
            if (short > 0) { y[i] += short / 2; y[i - 1] -= short / 2 }
        }
    for (i = 1; i <= count; i++)
        print file, last[file, sorted[i]], y[i], "-", "-", curve_kind[sorted[i]], curve_name[sorted[i]] > marks
}

END {
    print "file", "use", "live", "cost", "lo", "hi", "curve", "kind" > curves
    print "file", "live", "cost", "lo", "hi", "kind", "text" > marks
    for (c in first) at[c] = first[c]
    for (r = 1; r <= n; r++) {
        $0 = rows[r]
        if (group() != chosen || $at[metric] == "-") continue
        if (!(name() in via)) {
            via[name()] = $at["transfer"]
            curve[name()] = ++number
            curve_name[number] = name()
            curve_kind[number] = $at["kind"]
        }
        if (via[name()] != $at["transfer"]) continue
        i = curve[name()]; f = $at["file"]; x = $at["live"] + 0; y = $at[metric] + 0
        points[f, $at["use"], i, x] = f OFS $at["use"] OFS x OFS y OFS $at[metric "_lo"] OFS $at[metric "_hi"] OFS i OFS $at["kind"]
        if (x > most) most = x
        if (y > top[f]) top[f] = y
        if ($at["use"] == "used" && (!((f, i) in last) || x >= last[f, i])) { last[f, i] = x; end[f, i] = y }
    }
    for (i = 1; i <= number; i++)
        for (f in top)
            for (u = 0; u < 2; u++)
                for (x = 0; x <= most; x++)
                    if ((f, u ? "used" : "unused", i, x) in points) print points[f, u ? "used" : "unused", i, x] > curves
    for (f in top) set_apart(f)
    for (c in second) at[c] = second[c]
    for (r = 1; r <= m; r++) {
        $0 = met[r]
        if (group() != chosen || $at["crosses"] != "yes" || $at["use"] != "used" || $at["b_kind"] == "peer") continue
        if (via[$at["a"]] != $at["transfer"] || via[$at["b"]] != $at["transfer"]) continue
        lo = $at["lo"] == "-" ? 0 : $at["lo"]; hi = $at["hi"] == "-" ? most : $at["hi"]
        print $at["file"], $at["at"], $at["cost"], lo, hi, "meeting", sprintf("%.1f", $at["at"]) > marks
    }
}
