# pressure.gp: what live values cost, integers above and vectors below. Solid: used at each switch; dotted: live but unused.
# Ring and bar: where one kind's cost overtakes another's, with its 95% interval.
# Expects, besides common.gp's: curves and marks, as written by curves.awk; files, its panels; metric.

load "plots/common.gp"

stats curves using (column("live")) name "live" nooutput
stats curves using (column("curve")) name "curve" nooutput
set xrange [-0.5 : live_max * 1.3]
set xtics 0, 2, live_max offset 0, 0.4
set ylabel metric . " for one switch" offset 2.2, 0
set ytics offset 0.5, 0
set lmargin 5.5
set rmargin 0.5
set tmargin 0.5
set bmargin 2.6
set grid xtics ytics

style(n) = style_of(word(kinds, n))
is(file, use, n) = strcol("file") eq file && strcol("use") eq use && column("curve") == n
point(n) = word("7 5 9 13 11 4 6 8 12 10", (n - 1) % 10 + 1) + 0
kinds = system("awk -F '\t' 'NR > 1 && !seen[$7]++ { print $8 }' " . curves)

# gnuplot 5.4 dies on labels whose points are all undefined: what is not of this panel is an empty label at the origin
here(file, name) = strcol("file") eq file ? column(name) : 0
text(file, kind) = strcol("file") eq file && strcol("kind") eq kind ? strcol("text") : ""

set label "solid: used, dotted: live but unused" at graph 0.02, 0.95 textcolor rgb "#555555"

set multiplot layout words(files), 1
do for [file in files] {
    set yrange [*:*]
    stats curves using (strcol("file") eq file ? column("cost") : NaN) name "cost" nooutput
    set yrange [0 : cost_max * 1.12]
    set xlabel "live " . (file eq "int" ? "integer" : "vector") . " values at the switch" offset 0, 0.7
    plot for [n = 1:curve_max] curves using (is(file, "unused", n) ? column("live") : NaN):(column("cost")) \
             with lines linestyle style(n) linewidth 1.2 dashtype 3, \
         for [n = 1:curve_max] curves using (is(file, "used", n) ? column("live") : NaN):(column("cost")):\
                 (column("lo")):(column("hi")) \
             with yerrorlines linestyle style(n) linewidth 1.4 pointtype point(n), \
         marks using (strcol("file") eq file && strcol("kind") eq "meeting" ? column("live") : NaN):(column("cost")):\
                     (column("lo")):(column("hi")) \
             with xerrorbars linecolor rgb "black" linewidth 1.6 pointtype 6 pointsize 1.1, \
         marks using (here(file, "live")):(here(file, "cost")):(text(file, "meeting")) \
             with labels offset 0, -1.1, \
         for [kind in "pip scratch full peer"] marks \
             using (here(file, "live")):(here(file, "cost")):(text(file, kind)) \
             with labels left offset 0.8, 0 textcolor rgb colour_of(kind)
    unset label
}
unset multiplot
