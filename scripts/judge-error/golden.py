"""Golden values for results/judge-error, computed another way: NumPy and SciPy, no code of this package.

    python -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python scripts/judge-error/golden.py

Prints JSON; the values are written into test/results/judge-error/golden.test.ts.
"""

import json
import math

import numpy as np
from scipy import stats


def wilson(k, n):
    interval = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    return interval.low, interval.high


def difference(case):
    """Stratified difference estimator with the interval joined by MOVER, sample by sample in plain loops."""
    n = len(case["clusters"])
    groups = np.array(case["groups"])
    coefficients = np.array(case["coefficients"], float)
    sizes = np.bincount(groups)
    w = coefficients[groups] / sizes[groups]
    corrected = {}
    halves = {}
    for side in ("from", "to"):
        cells = np.array(case[side]["cellOf"])
        f = np.array(case[side]["values"], float)
        labels = case[side]["labels"]
        m = f.copy()
        below = above = 0.0
        for cell, (k, labelled) in enumerate(labels):
            inside = cells == cell
            # f + mean(label - f) over the labelled ones of the cell.
            m[inside] = f[inside] + (k / labelled - f[inside])
            weight = w[inside].sum()
            low, high = wilson(k, labelled)
            ends = [weight * low, weight * high]
            centre = weight * k / labelled
            below += (centre - min(ends)) ** 2
            above += (max(ends) - centre) ** 2
        corrected[side] = m
        halves[side] = (below, above)
    d = corrected["to"] - corrected["from"]
    delta = float((w * d).sum())
    residual = d - np.array([d[groups == g].mean() for g in range(len(sizes))])[groups]
    clusters = np.array(case["clusters"])
    names = np.unique(clusters)
    sums = np.array([(w * residual)[clusters == c].sum() for c in names])
    g = len(names)
    half = stats.t.ppf(0.975, g - 1) * math.sqrt(g / (g - 1) * (sums**2).sum())
    return [
        delta,
        delta - math.sqrt(half**2 + halves["to"][0] + halves["from"][1]),
        delta + math.sqrt(half**2 + halves["to"][1] + halves["from"][0]),
    ]


def mean_case():
    return {
        "clusters": [i // 2 for i in range(40)],
        "groups": [0] * 40,
        "coefficients": [1],
        "from": {
            "cellOf": [0 if i % 3 else 1 for i in range(40)],
            "values": [0 if i % 3 else 1 for i in range(40)],
            "labels": [[1, 8], [5, 6]],
        },
        "to": {
            "cellOf": [-1 if i < 4 else (0 if i % 4 == 0 else 1) for i in range(40)],
            "values": [1 if i < 4 else (0 if i % 4 == 0 else 1) for i in range(40)],
            "labels": [[0, 5], [9, 12]],
        },
    }


def contrast_case():
    groups = [i % 2 for i in range(30)]
    return {
        "clusters": [i // 3 for i in range(30)],
        "groups": groups,
        "coefficients": [1, -1],
        "from": {
            "cellOf": [(0 if i % 5 else 1) + 2 * groups[i] for i in range(30)],
            "values": [0 if i % 5 else 1 for i in range(30)],
            "labels": [[2, 7], [3, 3], [0, 4], [2, 3]],
        },
        "to": {
            "cellOf": [(0 if i % 4 else 1) + 2 * groups[i] for i in range(30)],
            "values": [0 if i % 4 else 1 for i in range(30)],
            "labels": [[1, 6], [2, 2], [1, 5], [3, 4]],
        },
    }


def rogan_gladen():
    """Se, Sp and the corrected difference with its interval, by a large simulation of its own."""
    rng = np.random.default_rng(20261122)
    confusion = np.array([[80, 6, 4], [5, 12, 3], [10, 10, 130]], float)
    event = np.array([True, False, False])
    effective = np.array([1.0, 1.0, 0.5])
    draws = 2_000_000

    def youden(p, mix):
        se = p[0][..., 0]
        outside = sum(mix[r] * (p[r][..., 1] + p[r][..., 2]) for r in (1, 2)) / (mix[1] + mix[2])
        return se + outside - 1

    mix = confusion.sum(1)
    point = youden([row / row.sum() for row in confusion], mix)
    p = [rng.dirichlet(confusion[r] * effective[r] + 0.5, draws) for r in range(3)]
    j = youden(p, mix)
    delta, error, clusters = 0.12, 0.03, 40
    z = rng.standard_normal(draws) * stats.t.ppf(0.975, clusters - 1) / stats.norm.ppf(0.975)
    x = (delta + error * z) / j
    del event
    return {
        "youden": float(point),
        "youdenLow": float(np.quantile(j, 0.025)),
        "delta": float(delta / point),
        "interval": [float(q) for q in np.quantile(x, [0.025, 0.975])],
    }


print(
    json.dumps(
        {
            "mean": difference(mean_case()),
            "contrast": difference(contrast_case()),
            "roganGladen": rogan_gladen(),
        },
        indent=1,
    )
)
