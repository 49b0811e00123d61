# map.gp: the corruption map, one row a switcher. Expects: out, format, data (map.awk's), rows (how many switchers), switchers (their
# names, from the top).
height = 2 + 0.36 * rows
load "plots/common.gp"
set yrange [rows - 0.5 : -0.5]
set xrange [0:1]
set palette maxcolors 4 defined (1 "#DDEEDD", 2 "#D55E00", 3 "#222222", 4 "#CC79A7")
set cbrange [0.5:4.5]
unset colorbox
unset grid
longest = 0
do for [name in switchers] { longest = strlen(name) > longest ? strlen(name) : longest }
set lmargin longest + 1
set rmargin 4
set bmargin 2.6
set ytics scale 0
set format x ""
set xtics scale 0
set xlabel "boundary: the way out, the way back" offset 0, 0.6
set for [i = 0:rows - 1] ytics add (word(switchers, i + 1) i)
set key outside top center horizontal samplen 0.6
plot data using (($2 + $3) / 2):1:2:3:($1 - 0.3):($1 + 0.3):4 with boxxyerror fillstyle solid noborder linecolor palette notitle, \
     NaN with points pointtype 5 pointsize dot linecolor rgb "#DDEEDD" title "kept", \
     NaN with points pointtype 5 pointsize dot linecolor rgb "#D55E00" title "lost", \
     NaN with points pointtype 5 pointsize dot linecolor rgb "#222222" title "crashed", \
     NaN with points pointtype 5 pointsize dot linecolor rgb "#CC79A7" title "hung"
unset output
reset
