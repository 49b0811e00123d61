# proportion.awk -v k=K -v n=N: K of N with its exact 95% interval (Clopper and Pearson 1934), by bisection of the binomial
# distribution. Prints "K N percent lower upper", the last three in percent.
function at_most(k, n, p,    i, term, sum) { # P(X <= k)
    if (p <= 0) return 1
    if (p >= 1) return k >= n
    term = exp(n * log(1 - p))
    sum = term
    for (i = 1; i <= k; i++) {
        term *= (n - i + 1) / i * p / (1 - p)
        sum += term
    }
    return sum
}
# the p at which P(X <= k) has fallen to `tail`
function crossing(k, n, tail,    low, high, middle, i) {
    low = 0
    high = 1
    for (i = 0; i < 60; i++) {
        middle = (low + high) / 2
        if (at_most(k, n, middle) > tail) low = middle
        else high = middle
    }
    return middle
}
BEGIN {
    lower = k == 0 ? 0 : crossing(k - 1, n, 0.975)
    upper = k == n ? 1 : crossing(k, n, 0.025)
    printf "%d %d %.2f %.2f %.2f\n", k, n, 100 * k / n, 100 * lower, 100 * upper
}
