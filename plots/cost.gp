# cost.gp: what one switch costs, by kind and peer; points are medians, bars their 95% intervals.
# Expects, besides common.gp's: data, with the columns of `show --tsv pingpong`, and label and place from place.awk;
# metric, the column to draw; margin, room for the labels, in characters.

load "plots/common.gp"

stats data using (column("place")) name "place" nooutput
stats data using (column(metric)) name "cost" nooutput
left = cost_min / 1.6
right = cost_max * 8

set yrange [place_max + 0.7 : -0.7]
set xrange [left : right]
set logscale x 10
set xlabel metric . " for one switch" offset 0, 0.6
set xtics offset 0, 0.4
unset ytics
set grid xtics noytics
set lmargin margin
set rmargin 1.5
set tmargin 0.5
set bmargin 2.4

three(v) = sprintf(v < 9.995 ? "%.2f" : v < 99.95 ? "%.1f" : "%.0f", v)

plot for [kind in "pip scratch full peer"] data \
         using (strcol("kind") eq kind ? column(metric) : NaN):(column("place")):\
               (column(metric . "_lo")):(column(metric . "_hi")) \
         with xerrorbars linestyle style_of(kind), \
     data using (column(metric . "_hi")):(column("place")):(three(column(metric))) \
         with labels left offset 0.6, 0 textcolor rgb "#333333", \
     data using (left):(column("place")):(strcol("label")) with labels right offset -0.8, 0, \
     for [kind in "pip scratch full peer"] data \
         using (right):(column("place")):(strcol("first") eq kind ? kind : "") \
         with labels right offset -0.6, 0 textcolor rgb colour_of(kind)
