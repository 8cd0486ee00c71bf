"""Golden values of test/results/statistics/factor-golden.test.ts, by NumPy, SciPy and statsmodels from the formulas alone.

    python -m venv venv && venv/bin/pip install -r scripts/statistics/requirements.txt
    venv/bin/python scripts/statistics/profile-golden.py

Writes test/fixtures/results/profile-statistics.json: 200 random tables of preferences and factors, and models of
preference with length as control.
"""
import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(20261124)
TARGET = Path(__file__).parents[2] / "test/fixtures/results/profile-statistics.json"


def number(value):
    """None for what is not defined; twelve digits otherwise."""
    value = float(f"{float(value):.12g}")
    return None if np.isnan(value) else value


def sign_table(preference, factor):
    """Pairs by sign: rows the preference, columns the factor, both from -1 to 1."""
    table = np.zeros((3, 3), dtype=int)
    np.add.at(table, (preference + 1, factor + 1), 1)
    return table


def scores(preference, factor):
    """tau_b of signs is Σ p f / sqrt(Σ p² Σ f²), which is Pearson's r once every pair stands there mirrored too."""
    table = sign_table(preference, factor)
    c, d = table[2, 2] + table[0, 0], table[2, 0] + table[0, 2]
    tf, tp, tb = table[0, 1] + table[2, 1], table[1, 0] + table[1, 2], table[1, 1]
    mirrored = np.concatenate([preference, -preference]), np.concatenate([factor, -factor])
    decided = preference != 0
    with np.errstate(all="ignore"):
        about_zero = stats.pearsonr(*mirrored)[0] if preference.any() and factor.any() else np.nan
        tau14 = (preference[decided] * factor[decided]).mean() if decided.any() else np.nan
        both = decided & (factor != 0)
        tau13 = (preference[both] * factor[both]).mean() if both.any() else np.nan
    accuracy = stats.binomtest(int(c), int(c + d)) if c + d else None
    wilson = accuracy.proportion_ci(0.95, "wilson") if accuracy else None
    return {
        "counts": [int(x) for x in (c, d, tf, tp, tb)],
        "tau13": number(tau13),
        "tau14": number(tau14),
        "tauB": number(about_zero),
        "signP": number(accuracy.pvalue) if accuracy else None,
        "wilson": [number(wilson.low), number(wilson.high)] if wilson else None,
    }


def random_table():
    """Two raters of some pairs on some factors; ties of every kind, from rare to common."""
    pairs, factors = int(rng.integers(2, 40)), int(rng.integers(5, 7))
    ties = rng.uniform(0, 0.7)

    def signs():
        return np.where(rng.random(pairs) < ties, 0, rng.choice([-1, 1], pairs))

    raters = [signs(), signs()]
    if rng.random() < 0.5:
        raters[1] = np.where(rng.random(pairs) < 0.7, raters[0], raters[1])
    columns = [np.where(rng.random(pairs) < rng.random(), raters[0], signs()) for _ in range(factors)]
    found = [[scores(rater, column) for column in columns] for rater in raters]
    vectors = [[one["tau14"] for one in row] for row in found]
    return {
        "raters": [encoded(rater) for rater in raters],
        "factors": [encoded(column) for column in columns],
        "scores": [[packed(one) for one in row] for row in found],
        "holm": [holm([one["signP"] for one in row]) for row in found],
        "alignment": alignment(*vectors),
    }


def encoded(signs):
    return "".join("-0+"[int(s) + 1] for s in signs)


def packed(one):
    return [*one["counts"], one["tau13"], one["tau14"], one["tauB"], one["signP"], *(one["wilson"] or [None, None])]


def holm(ps):
    present = [p for p in ps if p is not None]
    adjusted = list(multipletests(present, method="holm")[1]) if present else []
    return [None if p is None else number(adjusted.pop(0)) for p in ps]


def alignment(one, other):
    """Spearman, Kendall's tau_b, Pearson; the exact p of tau_b where neither side has ties."""
    if None in one or None in other or len(set(one)) == 1 or len(set(other)) == 1:
        return None
    untied = len(set(one)) == len(one) and len(set(other)) == len(other)
    exact = stats.kendalltau(one, other, method="exact")[1] if untied else np.nan
    tau = stats.kendalltau(one, other)[0]
    return [number(x) for x in (stats.spearmanr(one, other)[0], tau, stats.pearsonr(one, other)[0], exact)]


def preference_model(pairs, factors, penalty):
    """Ridge logistic regression without intercept on differences over their root mean square; the first is control."""
    differences = np.round(rng.normal(size=(pairs, factors)) * rng.uniform(0.5, 20, factors), 2)
    differences[:, 1] = np.round(differences[:, 1] + 0.4 * differences[:, 0], 2)
    weights = rng.normal(size=factors) * 0.8
    x = differences / np.sqrt((differences**2).mean(0))
    preference = np.where(rng.random(pairs) < 1 / (1 + np.exp(-x @ weights)), 1, -1)
    prompts = np.repeat(np.arange(pairs // 2), 2)
    penalties = np.full(factors, penalty)
    penalties[0] = 0

    def loss(beta):
        margin = preference * (x @ beta)
        return np.logaddexp(0, -margin).sum() + (penalties * beta**2).sum() / 2

    def gradient(beta):
        wrong = 1 / (1 + np.exp(preference * (x @ beta)))
        return -(x * (preference * wrong)[:, None]).sum(0) + penalties * beta

    fit = optimize.minimize(loss, np.zeros(factors), jac=gradient, method="BFGS", options={"gtol": 1e-11})
    row = {
        "differences": differences.T.tolist(),
        "preference": encoded(preference),
        "prompts": prompts.tolist(),
        "penalty": penalty,
        "coefficients": fit.x.tolist(),
    }
    if penalty == 0:
        model = sm.Logit((preference > 0).astype(int), x)
        clustered = model.fit(
            disp=0, tol=1e-12, cov_type="cluster", cov_kwds={"groups": prompts, "use_correction": False}
        )
        assert np.allclose(clustered.params, fit.x, atol=1e-6)
        row["coefficients"] = clustered.params.tolist()
        row["errors"] = clustered.bse.tolist()
    return row


if __name__ == "__main__":
    found = {
        "tables": [random_table() for _ in range(200)],
        "models": [preference_model(120, 4, 1.0), preference_model(200, 5, 0.0), preference_model(80, 3, 10.0)],
    }
    text = json.dumps(found, separators=(",", ":"))
    TARGET.write_text(text + "\n")
    print(f"{TARGET.name}: {len(text) / 1000:.0f} kB")
