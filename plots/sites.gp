# sites.gp: one switch against the number of its sites. Expects what panels.gp does, but for what is set here.
panels = "in_step round_robin random"
array titles[3] = ["n sites a side, in step", "one site, n partners in turn", "one site, n partners at random"]
array legends[3] = ["solid: sites as they come to lie\ndashed: each on a line of its own", "", ""]
array layouts[3] = ["none line", "none line", "none"]
quantity = "sites, partners"
base = 2
logy = 0
load "plots/panels.gp"
