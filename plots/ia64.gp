# ia64.gp: five figures of the IA-64 worlds. Expects: folder, format, work (a folder with the tables that ia64.sh makes), rows (how
# many switchers), switchers (their names, cheapest first).

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
    set xlabel (metric eq "cycles" ? "modelled Itanium 2 cycles" : "bytes") . " of a round trip" offset 0, 0.6
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
load "plots/common.gp"
set style data histograms
set style histogram rowstacked
set style fill solid 0.9
set boxwidth 0.75
set xtics rotate by -40 scale 0
set rmargin 6
set ylabel "registers that the contract keeps"
set key top left reverse Left
classes = "general X floating-point branch,predicate application,RSE system"
plot for [c = 1:6] work . "/classes" using (column(c + 2)):xtic(2) title word(classes, c) \
     linecolor rgb word("#0072B2 #D55E00 #009E73 #E69F00 #56B4E9 #555555", c)
unset output
reset

out = folder . "/ia64-map"
load "plots/common.gp"
set yrange [rows - 0.5 : -0.5]
set xrange [0:1]
set palette maxcolors 4 defined (1 "#DDEEDD", 2 "#D55E00", 3 "#222222", 4 "#CC79A7")
set cbrange [0.5:4.5]
unset colorbox
set lmargin 22
set bmargin 3.4
set ytics scale 0
set for [i = 0:rows - 1] ytics add (name_of(i) i)
set xlabel "boundary, there and back. Red: X lost; black: crashed" offset 0, 0.4
plot work . "/map" using (($2 + $3) / 2):1:2:3:($1 - 0.3):($1 + 0.3):4 with boxxyerror fillstyle solid noborder linecolor palette
unset output
reset

# masked switchers only: the others run beside them
masked = ""
do for [i = 0:rows - 1] { if (strstrt(name_of(i), "/") > 0) { masked = masked . name_of(i) . " " } }
short(name) = substr(name, 1, strstrt(name, "/") - 1)
out = folder . "/ia64-stacked"
height = 10
load "plots/common.gp"
set multiplot layout 2, 1
set lmargin 10
set rmargin 18
set xrange [0:96]
set xtics 16
do for [metric in "bytes cycles"] {
    set xlabel "live stacked registers" offset 0, 0.6
    set ylabel (metric eq "cycles" ? "modelled cycles" : "bytes") . ", round trip" offset 1, 0
    set logscale y 10
    set key at graph 1.03, graph 1 left top Left reverse maxcols 1 samplen 1
    plot for [i = 1:words(masked)] work . "/stacked-" . metric \
         using (strcol(1) eq word(masked, i) ? column(3) : NaN):4 with linespoints linetype i pointtype i pointsize 0.4 \
         title short(word(masked, i))
}
unset multiplot
unset output
