"""Golden values for results/statistics, from SciPy and statsmodels.

    python -m venv venv && venv/bin/pip install -r scripts/statistics/requirements.txt
    venv/bin/python scripts/statistics/golden.py > test/fixtures/results/statistics.json

Only needed when a function is added; the tests read the committed JSON file.
"""

import json
import math
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import optimize, special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from golden_clusters import clusters as in_clusters
from golden_methods import methods

rng = np.random.default_rng(20261122)


def rounded(values, digits=6):
    return [float(np.round(value, digits)) for value in values]


def normal_quantile():
    ps = [1e-300, 1e-20, 1e-10, 1e-5, 0.001, 0.025, 0.07, 0.08, 0.2, 0.5, 0.6, 0.9, 0.975, 0.999, 1 - 1e-10]
    return [{"p": p, "value": float(stats.norm.ppf(p))} for p in ps]


def log_gamma():
    return [{"x": x, "value": float(special.gammaln(x))} for x in [0.1, 0.5, 1, 1.5, 2, 3.7, 10, 101.5, 2001, 1e6]]


def incomplete_beta():
    cases = [(0.5, 2, 3), (0.01, 0.5, 0.5), (0.99, 0.5, 0.5), (0.3, 10, 0.5), (0.999, 500, 0.5), (0.2, 50, 150)]
    return [{"x": x, "a": a, "b": b, "value": float(special.betainc(a, b, x))} for x, a, b in cases]


def student():
    quantiles = [
        {"p": p, "df": df, "value": float(stats.t.ppf(p, df))}
        for df in [1, 2, 3, 5, 9, 29, 199, 816, 10_000, 1_000_000]
        for p in [0.0005, 0.025, 0.3, 0.75, 0.975, 0.99999]
    ]
    tails = [
        {"t": t, "df": df, "value": float(stats.t.sf(t, df))}
        for df in [1, 4, 30, 500]
        for t in [-2.5, 0.0, 0.7, 3.1, 12.0, 40.0]
    ]
    return {"quantiles": quantiles, "tails": tails}


def wilson():
    cases = [(0, 10, 0.95), (10, 10, 0.95), (1, 50, 0.95), (25, 50, 0.95), (199, 200, 0.95), (406, 817, 0.99), (3, 1000, 0.9)]
    rows = []
    for successes, n, confidence in cases:
        low, high = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
        rows.append({"successes": successes, "n": n, "confidence": confidence, "low": float(low), "high": float(high)})
    return rows


def clustered_mean():
    """OLS on a constant with cluster-robust errors: CR1 and t with G-1 degrees of freedom are statsmodels' defaults."""
    rows = []
    for groups, sizes in [(4, (1, 5)), (12, (1, 9)), (40, (3, 4)), (30, (1, 2))]:
        counts = rng.integers(sizes[0], sizes[1], size=groups)
        clusters = np.repeat(np.arange(groups), counts)
        shared = rng.normal(size=groups)
        values = np.array(rounded(0.3 + shared[clusters] + rng.normal(size=len(clusters)), 4))
        order = rng.permutation(len(values))
        values, clusters = values[order], clusters[order]
        fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
        low, high = fit.conf_int(0.05)[0]
        rows.append({
            "values": values.tolist(), "clusters": clusters.tolist(), "mean": float(fit.params[0]),
            "error": float(fit.bse[0]), "low": float(low), "high": float(high),
        })
    return rows


def sign_flip_exact():
    """SciPy's exact paired permutation test; for sign flips its 'samples' permutations swap the two sides."""
    rows = []
    for sums in [
        [1, 1, 1, 1, 1],
        [3, -1, 2, 0, 2, -1, 0, 4],
        [0.31, -0.12, 0.7, 1.21, -0.05, 0.44, 0.9, -0.33, 0.02],
        [1, 1, -1, 1, 1, 1, -1, 1, 1, 1, 1, 1, -1, 1, 1, 1],
        rounded(rng.normal(0.4, 1, size=14), 3),
    ]:
        sums = np.array(sums, dtype=float)
        result = stats.permutation_test(
            (sums, np.zeros_like(sums)), lambda x, y, axis: np.mean(x - y, axis=axis), vectorized=True,
            permutation_type="samples", n_resamples=np.inf, alternative="two-sided",
        )
        rows.append({"sums": sums.tolist(), "p": float(result.pvalue)})
    return rows


def sign_flip_large():
    """Beyond enumeration: the exact law of a signed sum of whole numbers, by convolution."""
    rows = []
    for groups, shift in [(30, 0.2), (100, 0.0), (400, 0.06), (200, 0.15)]:
        sums = np.round(rng.normal(shift, 1, size=groups) * 2).astype(int)
        law = np.array([1.0])
        for size in np.abs(sums):
            step = np.zeros(2 * size + 1)
            step[0] += 0.5
            step[-1] += 0.5
            law = np.convolve(law, step)
        reach = np.abs(sums).sum()
        totals = np.arange(-reach, reach + 1)
        p = law[np.abs(totals) >= abs(sums.sum())].sum()
        rows.append({"sums": sums.tolist(), "p": float(p)})
    return rows


def mcnemar_exact():
    rows = []
    for gained, lost in [(0, 1), (5, 5), (10, 3), (3, 10), (40, 12), (150, 121), (600, 400), (0, 60)]:
        result = mcnemar([[100, lost], [gained, 100]], exact=True)
        rows.append({"gained": gained, "lost": lost, "p": float(result.pvalue)})
    return rows


def adjustments():
    rows = []
    for ps in [[0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [0.02], rounded(rng.uniform(size=12) ** 3, 5)]:
        rows.append({
            "ps": ps,
            "holm": multipletests(ps, method="holm")[1].tolist(),
            "benjaminiHochberg": multipletests(ps, method="fdr_bh")[1].tolist(),
        })
    return rows


def detectable():
    """The power equation solved numerically, instead of in closed form."""
    rows = []
    for n, discordance, alpha, power, effect in [
        (817, 0.3, 0.05, 0.8, 1), (200, 0.3, 0.05 / 12, 0.8, 1), (2390, 0.05, 0.05, 0.9, 1), (500, 0.2, 0.01, 0.8, 2.5),
    ]:
        za, zb = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)

        def shortage(delta):
            needed = (za * math.sqrt(discordance) + zb * math.sqrt(discordance - delta**2)) ** 2 / delta**2
            return needed - n / effect

        value = optimize.brentq(shortage, 1e-6, discordance, xtol=1e-15)
        rows.append({"n": n, "discordance": discordance, "alpha": alpha, "power": power, "designEffect": effect, "value": value})
    return rows


def jackknife():
    """Difference of two group means, one cluster left out at a time, written out with numpy."""
    values = rng.normal(size=40)
    clusters = np.repeat(np.arange(10), 4)
    stratum = np.tile([0, 0, 1, 1], 10)

    def gap(keep):
        return values[keep & (stratum == 0)].mean() - values[keep & (stratum == 1)].mean()

    left_out = np.array([gap(clusters != g) for g in range(10)])
    error = math.sqrt(9 / 10 * ((left_out - left_out.mean()) ** 2).sum())
    estimate = gap(np.ones(40, dtype=bool))
    half = stats.t.ppf(0.975, 9) * error
    return {"estimate": estimate, "leftOut": left_out.tolist(), "error": error, "low": estimate - half, "high": estimate + half}


json.dump(
    {
        "source": f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
        "normalQuantile": normal_quantile(),
        "logGamma": log_gamma(),
        "incompleteBeta": incomplete_beta(),
        "student": student(),
        "wilson": wilson(),
        "clusteredMean": clustered_mean(),
        "signFlipExact": sign_flip_exact(),
        "signFlipLarge": sign_flip_large(),
        "mcnemarExact": mcnemar_exact(),
        "adjustments": adjustments(),
        "detectable": detectable(),
        "jackknife": jackknife(),
        **methods(),
        **in_clusters(),
    },
    sys.stdout,
    indent=1,
)
print()
