# ia64.gp: six figures of the IA-64 worlds. Expects: folder, format, work (a folder with the tables that ia64.sh makes), rows (how
# many switchers), switchers and kinds (their names
# and kinds, cheapest first).

name_of(i) = word(switchers, i + 1)
height = 1.6 + 0.36 * rows

do for [metric in "bytes cycles"] {
    out = folder . "/ia64-" . metric
    load "plots/common.gp"
    stats work . "/" . metric using 6 name "most" nooutput
    stats work . "/" . metric using 5 name "least" nooutput
    set yrange [rows - 0.3 : -0.7]
    set logscale x 10
    set xrange [least_min / 1.3 : most_max * 2.2]
    set xtics (100, 200, 500, 1000, 2000, 5000, 10000)
    set xlabel (metric eq "cycles" ? "modelled Itanium 2 cycles" : "bytes") . " of a round trip" offset -2, 0.3
    set ytics scale 0
    set lmargin 22
    set rmargin 6
    set bmargin 2.6
    plot work . "/" . metric using 4:1:(strcol(3)):ytic(2) with points pointtype 7 pointsize 0.01 linecolor rgb "#FFFFFF", \
         for [kind in "pip scratch full peer"] work . "/" . metric \
             using (strcol(3) eq kind ? column(4) : NaN):1:5:6 with xerrorbars linestyle style_of(kind), \
         work . "/" . metric using 6:1:(sprintf("%.0f", column(4))) with labels left offset 0.6, 0
    unset output
    reset
}

out = folder . "/ia64-classes"
height = 8
load "plots/common.gp"
set style data histograms
set style histogram rowstacked
set style fill solid 0.9
set boxwidth 0.75
set xtics rotate by -55 scale 0
set rmargin 6
set bmargin 8
set yrange [0:*]
set ylabel "registers that the contract keeps"
set key outside top center horizontal maxrows 2 samplen 1 width 1
classes = "general X floating-point branch,predicate application,RSE system"
plot for [c = 1:6] work . "/classes" using (column(c + 2)):xtic(2) title word(classes, c) \
     linecolor rgb word("#0072B2 #D55E00 #009E73 #E69F00 #56B4E9 #555555", c)
unset output
reset

out = folder . "/ia64-map"
data = work . "/map"
load "plots/map.gp"

# masked switchers only: the others run beside them
masked = ""
do for [i = 0:rows - 1] { if (strstrt(name_of(i), "/") > 0) { masked = masked . name_of(i) . " " } }
kind_of(name) = sum [i = 1:words(switchers)] (word(switchers, i) eq name ? style_of(word(kinds, i)) : 0)
short(name) = substr(name, 1, strstrt(name, "/") - 1)
shape(i) = word("7 5 4 9 8 13 12 6 10", i) + 0
do for [what in "stacked fp"] {
    out = folder . "/ia64-" . what
    height = 11
    load "plots/common.gp"
    set multiplot layout 2, 1
    set lmargin 9
    set rmargin 19
    set xrange [0:(what eq "fp" ? 126 : 96)]
    if (what eq "fp") { set xtics (0, 20, "" 30, 62, 94, 126) } else { set xtics 16 }
    set logscale y 10
    set ytics (100, 200, 500, 1000, 2000, 5000, 10000)
    set key at graph 1.04, graph 1 left top Left reverse maxcols 1 samplen 1.5
    do for [metric in "bytes cycles"] {
        set yrange [(metric eq "bytes" ? 400 : 100):(metric eq "bytes" ? 10000 : 2000)]
        set xlabel "live " . (what eq "fp" ? "floating-point" : "stacked") . " registers of the host" offset 0, 0.5
        set ylabel (metric eq "cycles" ? "modelled cycles" : "bytes") . ", round trip" offset 1, 0
        plot for [i = 1:words(masked)] work . "/" . what . "-" . metric \
                 using (strcol(1) eq word(masked, i) && strcol(7) ne "uses fp" ? column(3) : NaN):4 with linespoints \
                 linewidth 1.2 linecolor rgb word("#0072B2 #D55E00 #009E73 #555555", kind_of(word(masked, i))) \
                 pointtype shape(i) pointsize 0.5 * dot title short(word(masked, i)), \
             for [i = 1:words(masked)] work . "/" . what . "-" . metric \
                 using (strcol(1) eq word(masked, i) && strcol(7) eq "uses fp" ? column(3) : NaN):4 with lines \
                 linewidth 1.2 dashtype 2 linecolor rgb word("#0072B2 #D55E00 #009E73 #555555", kind_of(word(masked, i))) notitle, \
             (what eq "fp" ? NaN : 1/0) with lines linewidth 1.2 dashtype 2 linecolor rgb "#222222" \
                 title (what eq "fp" ? "guest uses FP" : "")
    }
    unset multiplot
    unset output
    reset
}
