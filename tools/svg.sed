# svg.sed: for sed -z: what gnuplot repeats in every group of a drawing is said once, and groups without anything in them go. The picture is the same.
s/<g [^>]*>\n<\/g>\n//g
s/ font-family="Liberation Sans, Arial, Helvetica, sans-serif"//g
s/<g fill="none" color="black" stroke="\([^"]*\)" stroke-width="\([^"]*\)" stroke-linecap="round" stroke-linejoin="round">/<g stroke="\1" stroke-width="\2">/g
s/<g id="gnuplot_canvas"/& fill="none" color="black" stroke-linecap="round" stroke-linejoin="round" font-family="Liberation Sans, Arial, Helvetica, sans-serif"/
