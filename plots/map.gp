# map.gp: the corruption map, one row a switcher. Expects: out, format, data (map.awk's), rows (how many switchers), switchers (their
# names, from the top).
height = 1.6 + 0.36 * rows
load "plots/common.gp"
set yrange [rows - 0.5 : -0.5]
set xrange [0:1]
set palette maxcolors 4 defined (1 "#DDEEDD", 2 "#D55E00", 3 "#222222", 4 "#CC79A7")
set cbrange [0.5:4.5]
unset colorbox
set lmargin 22
set bmargin 3.4
set ytics scale 0
set for [i = 0:rows - 1] ytics add (word(switchers, i + 1) i)
set xlabel "boundary, there and back. Red: X lost; black: crashed" offset 0, 0.4
plot data using 2:1:3 with points pointtype 5 pointsize 0.35 linecolor palette
unset output
reset
