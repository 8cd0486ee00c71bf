"""Golden values of rates and paired flips in clusters, of their equivalence, of odds ratios and of rank sets.

Each is computed here in another way than in results/statistics: the restricted likelihood is solved by root search, the
effective size follows from statsmodels' sandwich, rank sets from all sign patterns instead of drawn ones.
"""

import itertools
import math

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20261124)


def effective_size(values, clusters, spread, confidence):
    n, groups = len(values), len(set(clusters))
    independent = spread / (n - 1)
    if independent <= 0:
        return groups
    fit = sm.OLS(values, np.ones(n)).fit(cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False})
    robust = fit.cov_params()[0][0] * groups / (groups - 1)
    share = (1 + confidence) / 2
    penalty = (stats.t.ppf(share, groups - 1) / stats.t.ppf(share, n - 1)) ** 2
    return n / max(1.0, robust / independent) / penalty


def fitted(gained, lost, rest, delta):
    """Largest likelihood of P(lost) under P(gained) − P(lost) = delta."""
    low, high = max(0.0, -delta), (1 - delta) / 2

    def slope(q):
        return (gained / (q + delta) if gained else 0) + (lost / q if lost else 0) - 2 * rest / (1 - 2 * q - delta)

    start, end = low + 1e-14, high - 1e-14
    if slope(start) <= 0:
        return low
    return high if slope(end) >= 0 else optimize.brentq(slope, start, end, xtol=1e-16)


def score(gained, lost, rest, delta):
    n = gained + lost + rest
    variance = n * (2 * fitted(gained, lost, rest, delta) + delta * (1 - delta))
    distance = gained - lost - n * delta
    return distance / math.sqrt(variance) if variance > 0 else math.copysign(1e9, distance)


def limits(gained, lost, rest, confidence):
    z, estimate = stats.norm.ppf((1 + confidence) / 2), (gained - lost) / (gained + lost + rest)
    low = optimize.brentq(lambda d: score(gained, lost, rest, d) - z, -1 + 1e-9, estimate - 1e-12, xtol=1e-13)
    high = optimize.brentq(lambda d: score(gained, lost, rest, d) + z, estimate + 1e-12, 1 - 1e-9, xtol=1e-13)
    return low, high


def clustered_pairs():
    rows = []
    for groups, size, up, down in [(62, 1, 0.03, 0.0), (31, 2, 0.05, 0.0), (20, 4, 0.2, 0.1), (40, 3, 0.01, 0.05), (12, 5, 0.0, 0.0)]:
        clusters = np.repeat(np.arange(groups), size)
        mood = rng.random(groups)[clusters]
        draw = np.where(rng.random(groups * size) < 0.3, mood, rng.random(groups * size))
        differences = np.where(draw < up, 1, np.where(draw < up + down, -1, 0))
        row = {"differences": differences.tolist(), "clusters": clusters.tolist()}
        mean, n = differences.mean(), len(differences)
        gained, lost = int((differences > 0).sum()), int((differences < 0).sum())
        for name, confidence in [("wide", 0.95), ("narrow", 0.9), ("family", 1 - 0.05 / 18)]:
            worth = effective_size(differences, clusters, (gained + lost) / n - mean**2, confidence)
            counts = [gained * worth / n, lost * worth / n, (n - gained - lost) * worth / n]
            row[name] = limits(*counts, confidence)
            if name == "narrow":
                below, above = (score(*counts, margin) for margin in (0.1, -0.1))
                p = max(stats.norm.cdf(below), stats.norm.sf(above))
                net = abs(counts[0] - counts[1])
                # The binomial tail through the beta distribution, which counts that are not whole have as well.
                row["equivalence"] = float(max(p, stats.beta.sf(0.1, net + 1, worth - net)))
        rows.append(row)
    return rows


def clustered_proportion():
    rows = []
    for groups, size, rate in [(30, 3, 0.02), (30, 3, 0.4), (100, 2, 0.05), (15, 6, 0.9)]:
        clusters = np.repeat(np.arange(groups), size)
        mood = rng.random(groups)[clusters]
        values = (np.where(rng.random(groups * size) < 0.4, mood, rng.random(groups * size)) < rate).astype(int)
        mean = values.mean()
        worth = effective_size(values, clusters, mean * (1 - mean), 0.95)
        low, high = proportion_confint(mean * worth, worth, method="wilson")
        rows.append({"values": values.tolist(), "clusters": clusters.tolist(), "size": worth, "low": low, "high": high})
    return rows


def odds_ratios():
    rows = []
    for gained, lost in [(10, 3), (1, 9), (25, 25)]:
        share = stats.binomtest(gained, gained + lost).proportion_ci(method="exact")
        # The conditional estimate of matched pairs is the Mantel-Haenszel one over tables of one pair each.
        tables = [np.array([[1, 0], [0, 1]])] * gained + [np.array([[0, 1], [1, 0]])] * lost
        pooled = sm.stats.StratifiedTable(tables).oddsratio_pooled if tables else math.nan
        rows.append({"gained": gained, "lost": lost, "value": float(pooled), "low": share.low / (1 - share.low), "high": share.high / (1 - share.high)})
    return rows


def rank_sets():
    """Step-down over both directions of every pair, by all sign patterns of twelve clusters."""
    rows = []
    for shifts in [(0.0, 0.5, 0.55, 1.2), (0.3, 0.3, 0.3)]:
        groups, size = 12, 3
        clusters = np.repeat(np.arange(groups), size)
        ease = rng.normal(0, 1, groups)[clusters]
        values = [np.round(shift + ease + rng.normal(0, 0.3, groups * size), 3) for shift in shifts]
        pairs = list(itertools.combinations(range(len(values)), 2))
        sums = np.array([[(values[a] - values[b])[clusters == g].sum() for g in range(groups)] for a, b in pairs])
        n = groups * size
        mean = sums.sum(1) / n
        rest = sums - size * mean[:, None]
        error = np.sqrt(groups / (groups - 1) * (rest**2).sum(1)) / n
        signs = np.array(list(itertools.product([1, -1], repeat=groups)))
        totals, squares = signs @ rest.T, (rest**2).sum(1)
        drawn = totals / np.sqrt(groups / (groups - 1) * (squares - totals**2 / groups))
        t = mean / error
        left, wins = set(range(len(pairs))), set()
        while left:
            # Both directions of every pair that is still open, and the direction of a settled one that lost.
            most = np.max([np.abs(drawn[:, k]) if k in left else -np.sign(t[k]) * drawn[:, k] for k in range(len(pairs))], axis=0)
            critical = np.quantile(most, 0.95, method="higher")
            shown = {k for k in left if abs(t[k]) > critical}
            if not shown:
                break
            wins |= {(pairs[k] if t[k] > 0 else pairs[k][::-1]) for k in shown}
            left -= shown
        items = range(len(values))
        sets = [[1 + sum((k, i) in wins for k in items), len(values) - sum((i, k) in wins for k in items)] for i in items]
        rows.append({"values": [v.tolist() for v in values], "clusters": clusters.tolist(), "t": t.tolist(), "sets": sets})
    return rows


def clusters():
    return {
        "clusteredPairs": clustered_pairs(),
        "clusteredProportion": clustered_proportion(),
        "oddsRatios": odds_ratios(),
        "rankSets": rank_sets(),
    }
