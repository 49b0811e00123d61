# state.gp: one switch against the bytes that it moves. Expects, besides common.gp's: data, as points.awk writes it with x = bytes and
# layout = upper; marks, the labels: x, cost, text; metric.
load "plots/common.gp"
stats data using (column("x")) name "x" nooutput
stats data using (column("cost")) name "cost" nooutput
set logscale xy 10
set xrange [x_min / 1.4 : x_max * 2.6]
set yrange [cost_min / 1.6 : cost_max * 1.8]
set xlabel "bytes that one switch reads and writes" offset 0, 0.6
set ylabel metric . " for one switch" offset 2.2, 0
set ytics offset 0.5, 0
set xtics offset 0, 0.4
set lmargin 6.5
set rmargin 0.5
set tmargin 0.5
set bmargin 2.6
set label "filled: upper parts clean\nopen: dirty" at graph 0.02, 0.94 textcolor rgb "#555555"
aside(x) = strlen(strcol(3)) > 12 || x > 700 && x < 1000 # where there is no room to the right
open(kind) = word("6 4 8 12", style_of(kind)) + 0
plot for [kind in "pip scratch full"] data \
         using (strcol("kind") eq kind && strcol("layout") eq "clean" ? column("x") : NaN):(column("cost")):(column("lo")):(column("hi")) \
         with yerrorbars linestyle style_of(kind), \
     for [kind in "pip scratch full"] data \
         using (strcol("kind") eq kind && strcol("layout") eq "dirty" ? column("x") : NaN):(column("cost")):(column("lo")):(column("hi")) \
         with yerrorbars linestyle style_of(kind) pointtype open(kind) pointsize 0.8 * dot, \
     marks using 1:2:(aside($1) ? "" : strcol(3)) with labels left offset 0.9, 0, \
     marks using 1:2:(aside($1) ? strcol(3) : "") with labels right offset -0.9, 0
