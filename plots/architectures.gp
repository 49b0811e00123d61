# architectures.gp: three panels, one a figure: registers, bytes, instructions of a round trip; a column an architecture, a mark a kind.
# Expects: out, format, work (a folder with the tables that architectures.sh makes).

height = 13
load "plots/common.gp"
kinds = "pip scratch full"
shift(kind) = kind eq "pip" ? -0.22 : kind eq "full" ? 0.22 : 0
set multiplot layout 3, 1
set lmargin 7
set rmargin 2
set tmargin 2
set bmargin 2
set logscale y 10
set xtics scale 0
set grid noxtics
do for [panel = 1:3] {
    metric = word("registers_saved bytes instructions", panel)
    set xrange [*:*]
    set yrange [*:*]
    stats work . "/" . metric using 4 nooutput
    set xrange [0.5 : 4.5]
    set yrange [STATS_min / 1.6 : STATS_max * 3]
    set title (metric eq "registers_saved" ? "registers saved" : metric) offset 0, -0.5
    if (panel == 1) { set key top left vertical reverse Left samplen 0.4 } else { unset key }
    plot work . "/" . metric using 1:(1e-9):xtic(2) notitle with points pointsize 0, \
         for [kind in kinds] work . "/" . metric using ($1 + shift(kind)):(strcol(3) eq kind ? $4 : NaN) \
             with points linestyle style_of(kind) pointsize 0.9 title kind, \
         for [kind in kinds] work . "/" . metric using ($1 + shift(kind)):(strcol(3) eq kind ? $4 : NaN):(sprintf("%.0f", $4)) \
             with labels offset 0, 0.7 notitle
}
unset multiplot
