"""Golden values of test/results/sequential/betting.test.ts, by an independent implementation.

Straight from Waudby-Smith & Ramdas (2024), arXiv 2010.09686: the hedged capital process of section 4 with
predictable bets (approximate GRAPA at the distance that is aimed at or can be reached) and clusters as ratio residuals (docs/sequential.md). Written with the running quantities recomputed from
scratch at every step and in exact sums (math.fsum); nothing is taken from the TypeScript implementation.

    python3 scripts/sequential/golden.py        (the standard library alone)
"""

from math import exp, fsum, log, log1p, sqrt

STAKE = 0.75


def bets_of(weights, x, distance, clusters):
    bets = []
    for t in range(1, len(x) + 1):
        deviations = []
        for i in range(1, t):
            mean = (0.5 + fsum(w * v for w, v in zip(weights[:i], x[:i]))) / (1 + fsum(weights[:i]))
            deviations.append((weights[i - 1] * (x[i - 1] - mean)) ** 2)
        variance = (0.25 + fsum(deviations)) / t
        aimed = distance * (1 + fsum(weights[: t - 1])) / t
        gain = max(aimed, sqrt(2 * log(2 / 0.05) * variance / clusters))
        bets.append(gain / (variance + gain**2))
    return bets


def log_capital(theta, steps, reach, side):
    weights, x, bets = steps
    m = (theta / reach + 1) / 2
    room = m if side > 0 else 1 - m
    return fsum(
        log1p(side * (min(bet, STAKE / room) if room > 0 else bet) * w * (v - m))
        for w, v, bet in zip(weights, x, bets)
    )


def root(function, low, high):
    """Where a monotone function changes its sign."""
    rising = function(high) > function(low)
    for _ in range(200):
        middle = (low + high) / 2
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def interval(steps, reach, alpha):
    bar, edge = log(2 / alpha), reach * (1 - 1e-13)
    below = lambda theta: log_capital(theta, steps, reach, 1) - bar
    above = lambda theta: log_capital(theta, steps, reach, -1) - bar
    low = root(below, -edge, edge) if below(-edge) > 0 else -reach
    high = root(above, -edge, edge) if above(edge) > 0 else reach
    return low, high


def case(name, sums, counts, reach, largest, width, clusters):
    weights = [count / largest for count in counts]
    x = [(total / count / reach + 1) / 2 for total, count in zip(sums, counts)]
    steps = weights, x, bets_of(weights, x, width / 4 / reach, clusters)
    low, high = interval(steps, reach, 0.05)
    strict = interval(steps, reach, 0.001)
    p = min(1.0, 2 * exp(-max(log_capital(0.0, steps, reach, side) for side in (1, -1))))
    print(f"{name}: .05 [{low:.10f}, {high:.10f}]  .001 [{strict[0]:.10f}, {strict[1]:.10f}]  p(0) {p:.10g}")


K = range(200)
SIZES = [1 + k % 4 for k in K]
case("single", [1 if k % 7 < 2 else -1 if k % 7 == 3 else 0 for k in K], [1] * 200, 1, 1, 0.2, 200)
case("clusters", [min(s, (k * 5) % 4) - (k % 3 == 0) for k, s in zip(K, SIZES)], SIZES, 1, 4, 0.1, 5000)
case("scores", [(k * 37) % 9 - 4 - (0.75 if (k * 37) % 9 == 8 else 0) for k in K], [1] * 200, 4, 1, 0.8, 250)
