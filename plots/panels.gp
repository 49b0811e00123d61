# panels.gp: cost against a parameter, one panel below the other: colour and shape tell kinds apart, dashes layouts. Expects, besides
# common.gp's: data, as points.awk writes it; panels, its names; there, those that have points, each between spaces; titles and
# legends, one string a panel; layouts, one list of up to three a panel: solid, dashed, dotted; quantity, what the x axis is; metric;
# logy.

load "plots/common.gp"

set logscale x base
set ylabel metric . " for one switch" offset 2.2, 0
set ytics offset 0.5, 0
set xtics offset 0, 0.4
set lmargin 7
set rmargin 1.5
set tmargin 1.6
set bmargin 2.4
if (logy) { set logscale y 10 }

is(panel, layout, kind) = strcol("panel") eq panel && strcol("layout") eq layout && strcol("kind") eq kind
dash(i) = word("1 2 3", i) + 0
kinds = "pip scratch full"


# only panels that have points
last = 0
do for [p = 1:words(panels)] { if (strstrt(there, " " . word(panels, p) . " ") > 0) { last = p } }
set multiplot layout words(there), 1
do for [p = 1:words(panels)] {
    panel = word(panels, p)
    if (strstrt(there, " " . panel . " ") == 0) { continue }
    set label 2 titles[p] at graph 0, 1.06
    do for [k = 1:3] { set label 2 + k word(kinds, k) at graph 0.58 + 0.16 * (k - 1), 1.06 left textcolor rgb colour_of(word(kinds, k)) }
    stats data using (strcol("panel") eq panel ? column("cost") : NaN) name "cost" nooutput
    set yrange [logy ? cost_min / 1.5 : 0 : cost_max * (logy ? 6 : 1.35)]
    set xlabel (p == last ? quantity : "") offset 0, 0.7
    set label 1 legends[p] at graph 0.02, 0.95 textcolor rgb "#555555" front
    n = words(layouts[p])
    plot for [l = 1:n] for [kind in kinds] data \
             using (is(panel, word(layouts[p], l), kind) ? column("x") : NaN):(column("cost")):(column("lo")):(column("hi")) \
             with yerrorlines linestyle style_of(kind) linewidth 1.2 dashtype dash(l)
}
unset multiplot
