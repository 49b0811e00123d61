# probe.gp: one event of a loop under each probe, and without any. Expects, besides common.gp's: data: place, name, kind, cost, lo, hi;
# off, what an event costs without a probe; metric; margin.
load "plots/common.gp"
stats data using 1 name "place" nooutput
stats data using 4 name "cost" nooutput
left = off / 1.6
set yrange [place_max + 0.7 : -1.3]
set xrange [left : cost_max * 3]
set logscale x 10
set xlabel metric . " for one event of the host's loop" offset 0, 0.6
set xtics offset 0, 0.4
unset ytics
set grid xtics noytics
set lmargin margin
set rmargin 1.5
set tmargin 0.5
set bmargin 2.4
set arrow from off, graph 0 to off, graph 1 nohead linecolor rgb "#555555" dashtype 2
set label "no probe" at off, -0.8 left offset 0.5, 0 textcolor rgb "#555555"
three(v) = sprintf(v < 9.995 ? "%.2f" : v < 99.95 ? "%.1f" : "%.0f", v)
plot for [kind in "pip scratch full"] data using (strcol(3) eq kind ? column(4) : NaN):1:5:6 \
         with xerrorbars linestyle style_of(kind), \
     data using 6:1:(three(column(4))) with labels left offset 0.6, 0 textcolor rgb "#333333", \
     data using (left):1:2 with labels right offset -0.8, 0
