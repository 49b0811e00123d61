# common.gp: what all figures share. Expects: out (path without suffix), format ("svg" or "pdf"), height (cm).
# Column width is 8.5 cm. Names are not markup. Colours: Okabe and Ito, "Color Universal Design" (2008); shape tells kinds
# apart as well.

if (format eq "pdf") {
    set terminal pdfcairo size 8.5cm, height*1cm font "Liberation Sans,6" fontscale 1 linewidth 0.6 rounded noenhanced
} else {
    # 60 pixels a centimetre, so that the letters are as large in proportion
    set terminal svg size 510, height*60 font "Liberation Sans,13" linewidth 1.2 rounded noenhanced background rgb "white"
}
dot = format eq "pdf" ? 1 : 1.3
set output out . "." . format

set style line 1 linecolor rgb "#0072B2" linewidth 2 pointtype 7  pointsize 0.4 * dot    # pip: blue, disc
set style line 2 linecolor rgb "#D55E00" linewidth 2 pointtype 5  pointsize 0.4 * dot    # scratch: vermilion, square
set style line 3 linecolor rgb "#009E73" linewidth 2 pointtype 9  pointsize 0.5 * dot    # full: green, triangle
set style line 4 linecolor rgb "#555555" linewidth 2 pointtype 13 pointsize 0.5 * dot    # peer: grey, diamond
style_of(kind) = kind eq "pip" ? 1 : kind eq "scratch" ? 2 : kind eq "full" ? 3 : 4
colour_of(kind) = word("#0072B2 #D55E00 #009E73 #555555", style_of(kind))

set errorbars 0.8
set datafile separator "\t"
set datafile missing "-"
set border linecolor rgb "#888888" linewidth 0.8
set tics nomirror textcolor rgb "black" scale 0.5
set grid linecolor rgb "#DDDDDD" linewidth 0.6 linetype 1
unset key
