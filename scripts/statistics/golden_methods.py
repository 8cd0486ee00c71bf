"""Golden values of paired proportions, resampling, pooling, seeds, equivalence, standardised effects and ranks."""

import math

import numpy as np
import statsmodels.api as sm
from scipy import integrate, optimize, special, stats
from statsmodels.formula.api import ols
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

rng = np.random.default_rng(20261123)


def rounded(values, digits=4):
    return [float(np.round(value, digits)) for value in values]


def tails():
    return {
        "normalUpperTail": [{"x": x, "value": float(stats.norm.sf(x))} for x in [-4, -0.5, 0, 0.1, 1.96, 2.99, 3, 3.01, 6, 20]],
        "betaQuantile": [
            {"p": p, "a": a, "b": b, "value": float(stats.beta.ppf(p, a, b))}
            for p, a, b in [(0.025, 1, 50), (0.975, 1, 50), (0.5, 0.5, 0.5), (0.025, 3, 998), (0.975, 40, 61), (0.999, 500, 2)]
        ],
    }


def clopper_pearson():
    rows = []
    for successes, n, confidence in [(0, 10, 0.95), (10, 10, 0.95), (1, 50, 0.95), (81, 263, 0.95), (3, 1000, 0.9)]:
        low, high = proportion_confint(successes, n, alpha=1 - confidence, method="beta")
        rows.append({"successes": successes, "n": n, "confidence": confidence, "low": float(low), "high": float(high)})
    return rows


# (both, gained, lost, neither)
TABLES = [(1, 1, 7, 12), (59, 6, 16, 80), (43, 0, 1, 0), (20, 12, 2, 16), (0, 3, 0, 47), (700, 40, 61, 199), (30, 5, 5, 10), (0, 0, 0, 25), (1, 25, 24, 0)]


def newcombe():
    rows = []
    for a, b, c, d in TABLES:
        n = a + b + c + d
        p1, p2 = (a + b) / n, (a + c) / n
        l1, u1 = proportion_confint(a + b, n, method="wilson")
        l2, u2 = proportion_confint(a + c, n, method="wilson")
        scale = (a + b) * (c + d) * (a + c) * (b + d)
        excess = a * d - b * c
        if excess > n / 2:
            excess -= n / 2
        elif excess >= 0:
            excess = 0
        phi = 0 if scale == 0 else excess / math.sqrt(scale)
        down = math.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
        up = math.sqrt((p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2)
        rows.append({"counts": [a, b, c, d], "low": max(-1, p1 - p2 - down), "high": min(1, p1 - p2 + up)})
    return rows


def tango():
    """The restricted likelihood is maximised numerically, the limits are found by root search."""

    def score(a, b, c, d, delta):
        n = a + b + c + d

        def loss(q):
            return -(special.xlogy(b, q + delta) + special.xlogy(c, q) + special.xlogy(a + d, 1 - 2 * q - delta))

        low, high = max(0.0, -delta), (1 - delta) / 2
        q = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-15}).x
        return (b - c - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta)))

    rows = []
    for a, b, c, d in TABLES:
        if b == 0 or c == 0:
            continue  # the restricted estimate lies on the edge, where this search is not exact
        z = stats.norm.ppf(0.975)
        estimate = (b - c) / (a + b + c + d)
        low = optimize.brentq(lambda delta: score(a, b, c, d, delta) - z, -1 + 1e-9, estimate, xtol=1e-12)
        high = optimize.brentq(lambda delta: score(a, b, c, d, delta) + z, estimate, 1 - 1e-9, xtol=1e-12)
        rows.append({"counts": [a, b, c, d], "low": low, "high": high})
    return rows


def coin_tests():
    rows = []
    for gained, lost in [(0, 1), (5, 5), (10, 3), (3, 10), (40, 12), (600, 400)]:
        n, fewer = gained + lost, min(gained, lost)
        exact = float(stats.binomtest(gained, n).pvalue)
        point = float(stats.binom.pmf(fewer, n, 0.5))
        rows.append({"gained": gained, "lost": lost, "exact": exact, "midP": 1 - point / 2 if gained == lost else exact - point})
    return rows


def resampling():
    values = np.array(rounded(rng.gamma(1.2, 1, size=40)))
    first = stats.bootstrap((values,), np.mean, n_resamples=499, method="percentile", rng=np.random.default_rng(5))
    bca = stats.bootstrap((values,), np.mean, n_resamples=0, bootstrap_result=first, method="BCa")
    left_out = [float(np.delete(values, i).mean()) for i in range(len(values))]
    quantiles = [
        {"share": q, "n": n, "value": float(np.quantile(values[:n], q, method="averaged_inverted_cdf"))}
        for q in [0.1, 0.25, 0.5, 0.9] for n in [30, 33, 40]
    ]
    return {
        "values": values.tolist(), "estimate": float(values.mean()), "leftOut": left_out,
        "drawn": np.sort(first.bootstrap_distribution).tolist(),
        "percentile": [float(x) for x in first.confidence_interval], "bca": [float(x) for x in bca.confidence_interval],
        "quantiles": quantiles,
    }


def effect_sizes():
    one, other = rounded(rng.normal(0.4, 1, 15)), rounded(rng.normal(0, 1.3, 22))

    def correction(m):
        return float(np.exp(special.gammaln(m / 2) - special.gammaln((m - 1) / 2)) / math.sqrt(m / 2))

    degrees = len(one) + len(other) - 2
    pooled = math.sqrt(((len(one) - 1) * np.var(one, ddof=1) + (len(other) - 1) * np.var(other, ddof=1)) / degrees)
    clusters = np.repeat(np.arange(12), 3)
    differences = np.array(rounded(0.3 + rng.normal(0, 0.5, 12)[clusters] + rng.normal(0, 1, 36)))

    def dz(keep):
        return differences[keep].mean() / differences[keep].std(ddof=1)

    left_out = np.array([dz(clusters != g) for g in range(12)])
    error = math.sqrt(11 / 12 * ((left_out - left_out.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, 11) * error
    plain, j = dz(clusters >= 0), correction(11)
    return {
        "corrections": [{"degrees": m, "value": correction(m)} for m in [2, 3, 10, 49, 500]],
        "one": one, "other": other,
        "hedgesG": float(correction(degrees) * (np.mean(one) - np.mean(other)) / pooled),
        "change": {
            "differences": differences.tolist(), "clusters": clusters.tolist(),
            "value": float(plain * j), "low": float((plain - half) * j), "high": float((plain + half) * j),
        },
    }


def required():
    """The smallest whole n at which the power equation is met, by search."""
    rows = []
    for difference, discordance, alpha, power, effect in [
        (0.05, 0.3, 0.05, 0.8, 1), (0.05, 0.3, 0.05 / 12, 0.8, 1.5), (0.02, 0.1, 0.01, 0.9, 1), (0.3, 0.3, 0.05, 0.8, 1),
    ]:
        za, zb = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)
        needed = (za * math.sqrt(discordance) + zb * math.sqrt(discordance - difference**2)) ** 2 / difference**2
        n = 1
        while n / effect < needed:
            n += 1
        rows.append({"difference": difference, "discordance": discordance, "alpha": alpha, "power": power, "designEffect": effect, "n": n})
    return rows


def bcg():
    """Log risk ratios of 13 trials of the BCG vaccine (Colditz et al. 1994, JAMA 271:698-702, table 1)."""
    tp = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    tn = np.array([119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886])
    cp = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    cn = np.array([128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825])
    return np.log(tp / (tp + tn) / (cp / (cp + cn))), 1 / tp - 1 / (tp + tn) + 1 / cp - 1 / (cp + cn)


def paule_mandel(y, v):
    """The root that statsmodels iterates to, to the last digits."""

    def excess(tau2):
        w = 1 / (v + tau2)
        return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum()) - (len(y) - 1)

    return 0.0 if excess(0) <= 0 else float(optimize.brentq(excess, 0, 10, xtol=1e-15, rtol=1e-14))


def pooling():
    rows = []
    for name, y, v in [
        ("BCG", *bcg()),
        ("three that agree", np.array([0.1, 0.12, 0.09]), np.array([0.002, 0.001, 0.004])),
        ("three that differ", np.array([-0.1, 0.22, 0.05]), np.array([0.002, 0.001, 0.004])),
    ]:
        k = len(y)
        fit = combine_effects(y, v, method_re="iterated", use_t=False)
        tau2 = paule_mandel(y, v)
        assert abs(tau2 - max(0.0, float(fit.tau2))) < 1e-5
        w = 1 / (v + tau2)
        mean = float((w * y).sum() / w.sum())
        error = math.sqrt(max(1, float((w * (y - mean) ** 2).sum()) / (k - 1)) / w.sum())
        half = stats.t.ppf(0.975, k - 1) * error
        reach = stats.t.ppf(0.975, k - 2) * math.sqrt(tau2 + error**2)
        rows.append({
            "name": name, "effects": [{"estimate": float(a), "variance": float(b)} for a, b in zip(y, v)],
            "tau2": tau2, "mean": mean, "error": error, "low": mean - half, "high": mean + half,
            "predictionLow": mean - reach, "predictionHigh": mean + reach, "q": float(fit.q),
        })
    return rows


def pooling_jointly():
    y, scale = np.array([-0.1, 0.22, 0.05, 0.3]), np.array([0.05, 0.04, 0.06, 0.05])
    covariance = np.outer(scale, scale) * (0.4 + 0.6 * np.eye(4))

    def fit(tau2):
        inverse = np.linalg.inv(covariance + tau2 * np.eye(4))
        mean = float(inverse.sum(axis=0) @ y / inverse.sum())
        return mean, float(inverse.sum()), float((y - mean) @ inverse @ (y - mean))

    tau2 = optimize.brentq(lambda t: fit(t)[2] - 3, 0, 1, xtol=1e-15)
    mean, precision, _ = fit(tau2)
    half = stats.t.ppf(0.975, 3) / math.sqrt(precision)
    return {"estimates": y.tolist(), "covariance": covariance.tolist(), "tau2": tau2, "mean": mean, "low": mean - half, "high": mean + half}


def joint_covariance():
    """Sandwich of one regression on a dummy per column, clustered by item: statsmodels' CR1 without its n/(n-k) factor."""
    clusters = np.repeat(np.arange(14), 3)
    columns = [np.array(rounded(rng.normal(size=14)[clusters] + rng.normal(size=42))) for _ in range(3)]
    design = np.kron(np.eye(3), np.ones((42, 1)))
    fit = sm.OLS(np.concatenate(columns), design).fit(
        cov_type="cluster", cov_kwds={"groups": np.tile(clusters, 3), "use_correction": False}
    )
    return {"columns": [c.tolist() for c in columns], "clusters": clusters.tolist(), "covariance": (fit.cov_params() * 14 / 13).tolist()}


def seeds():
    """Balanced two-way table by statsmodels' analysis of variance."""
    rows = []
    for count, groups, spread in [(3, 12, 0.3), (4, 20, 0.0), (5, 10, 0.6)]:
        shared = rng.normal(0, 0.5, groups)
        table = np.array([rounded(0.2 + rng.normal(0, spread) + shared + rng.normal(0, 0.4, groups)) for _ in range(count)])
        data = {
            "y": table.ravel(), "seed": np.repeat(np.arange(count), groups), "cluster": np.tile(np.arange(groups), count),
        }
        squares = sm.stats.anova_lm(ols("y ~ C(seed) + C(cluster)", data).fit(), typ=2)
        ms = squares["sum_sq"] / squares["df"]
        a, b, ab = (float(ms[name]) for name in ["C(seed)", "C(cluster)", "Residual"])
        cells = count * groups
        variance = max((a + b - ab) / cells, a / cells, b / cells)
        noise = (a**2 / (count - 1) + b**2 / (groups - 1) + ab**2 / ((count - 1) * (groups - 1))) / cells**2
        df = min(max(variance**2 / noise, 1), groups - 1)
        mean = float(table.mean())
        halves = lambda level: seed_reach(a / cells, b / cells, max(0.0, b - ab) / cells, count, groups, level)
        half = halves(0.05)
        rows.append({
            "differences": table.tolist(), "mean": mean, "seedVariance": max(0.0, (a - ab) / groups), "itemVariance": b / cells,
            "variance": variance, "degreesOfFreedom": df, "low": mean - half, "high": mean + half,
            "p": float(optimize.brentq(lambda level: halves(level) - abs(mean), 1e-15, 1 - 1e-12, xtol=1e-16, rtol=1e-14)),
            "simultaneous": halves(0.05 / 18),
            "equivalence": float(optimize.brentq(lambda level: halves(level) - (2 - abs(mean)), 1e-30, 1 - 1e-12, xtol=1e-32, rtol=1e-14)) / 2,
            "detectable": seed_detectable(a / cells, b / cells, max(0.0, b - ab) / cells, count, groups, variance, 0.05 / 18, 0.8),
        })
    return rows


def seed_reach(between, items, shared, count, groups, level):
    """Banerjee's (1960) sum of both errors' own t intervals, never under that of the items."""
    few, many = stats.t.isf(level / 2, count - 1), stats.t.isf(level / 2, groups - 1)
    return max(math.hypot(few * math.sqrt(between), many * math.sqrt(shared)), many * math.sqrt(items))


def seed_detectable(between, items, shared, count, groups, variance, alpha, power):
    """The effect that lies out of reach with this power, over the chi-square distribution of the variance between seeds."""
    def found(effect):
        inner = lambda q: stats.norm.sf(
            (seed_reach(between * stats.chi2.ppf(q, count - 1) / (count - 1), items, shared, count, groups, alpha) - effect)
            / math.sqrt(variance))
        return integrate.quad(inner, 0, 1, limit=400, epsabs=1e-9)[0]

    return float(optimize.brentq(lambda effect: found(effect) - power, 0, 100, xtol=1e-9))


def correlations():
    rows = []
    for x, y in [
        (rng.permutation(12).tolist(), rng.permutation(12).tolist()),
        (list(range(40)), (np.arange(40) + rng.normal(0, 12, 40)).round(3).tolist()),
        (rng.integers(0, 5, 30).tolist(), rng.integers(0, 4, 30).tolist()),
        ([1, 2, 2, 3, 5, 5, 5, 8, 9, 10, 11, 12], [2, 1, 3, 3, 4, 4, 6, 7, 7, 9, 9, 8]),
    ]:
        ties = len(set(x)) < len(x) or len(set(y)) < len(y)
        tau = stats.kendalltau(x, y, method="asymptotic" if ties else "exact")
        rho = stats.spearmanr(x, y)
        rows.append({
            "x": x, "y": y, "tau": float(tau.statistic), "tauP": float(tau.pvalue), "exact": not ties,
            "rho": float(rho.statistic), "rhoP": float(rho.pvalue),
        })
    return rows


def equivalence():
    rows = []
    for shift, margin in [(0.02, 0.2), (0.15, 0.2), (-0.3, 0.2)]:
        values = np.array(rounded(rng.normal(shift, 0.4, 30)))
        p, _, _ = DescrStatsW(values).ttost_mean(-margin, margin)
        low, high = DescrStatsW(values).tconfint_mean(alpha=0.1)
        rows.append({"values": values.tolist(), "margin": margin, "p": float(p), "low": float(low), "high": float(high)})
    return rows


def ranks_by_holm():
    """Holm over both one-sided hypotheses of every pair, by statsmodels."""
    means, error = [0.1, 0.5, 0.35, 0.55, 0.12], 0.08
    pairs = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    ordered = pairs + [(j, i) for i, j in pairs]
    ps = [float(stats.norm.sf((means[i] - means[j]) / error)) for i, j in ordered]
    shown = multipletests(ps, alpha=0.05, method="holm")[0]
    wins = {pair for pair, yes in zip(ordered, shown) if yes}
    sets = [[1 + sum((k, i) in wins for k in range(5)), 5 - sum((i, k) in wins for k in range(5))] for i in range(5)]
    return {"means": means, "error": error, "sets": sets}


def methods():
    return {
        **tails(),
        "clopperPearson": clopper_pearson(),
        "newcombe": newcombe(),
        "tango": tango(),
        "coinTests": coin_tests(),
        "resampling": resampling(),
        "effectSizes": effect_sizes(),
        "required": required(),
        "pooling": pooling(),
        "poolingJointly": pooling_jointly(),
        "jointCovariance": joint_covariance(),
        "seeds": seeds(),
        "correlations": correlations(),
        "equivalence": equivalence(),
        "ranksByHolm": ranks_by_holm(),
    }
