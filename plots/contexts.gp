# contexts.gp: one switch among many contexts. Expects what panels.gp does, but for what is set here.
panels = "ring random"
array titles[2] = ["in a ring", "in random order"]
array legends[2] = ["solid: stacks on pages\ndashed: coloured\ndotted: packed", \
                    "solid: stacks on pages\ndashed: packed\ndotted: packed, huge pages, prefetch 4"]
array layouts[2] = ["page,small,0 coloured,small,0 packed,small,0", "page,small,0 packed,small,0 packed,huge,4"]
quantity = "contexts"
base = 10
logy = 1
set xtics ("1" 1, "10" 10, "100" 100, "1k" 1000, "10k" 10000, "100k" 100000, "1M" 1000000)
load "plots/panels.gp"
