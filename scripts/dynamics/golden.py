#!/usr/bin/env python3
"""Golden values of the measures of learning dynamics, with NumPy and SciPy and no code of the product.

Points are drawn by a linear congruential generator that the tests repeat, so that only parameters and results are
written; but for the simulation, whose points are NumPy's own. usage:
python scripts/dynamics/golden.py test/suites/dynamics/fixtures
"""

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
from scipy import stats


class Points:
    """Standard normal numbers: Box-Muller on x <- 1664525 x + 1013904223 mod 2^32."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return (self.state + 0.5) / 2**32

    def normal(self):
        first, second = self.uniform(), self.uniform()
        return math.sqrt(-2 * math.log(first)) * math.cos(2 * math.pi * second)

    def matrix(self, rows, columns):
        return np.array([[self.normal() for _ in range(columns)] for _ in range(rows)])


def ledoit_wolf(rows):
    """The weight as Ledoit & Wolf (2004) define it, term by term."""
    n, d = rows.shape
    cov = rows.T @ rows / n
    target = np.trace(cov) / d * np.eye(d)
    distance = np.sum((cov - target) ** 2) / d
    error = sum(np.sum((np.outer(x, x) - cov) ** 2) for x in rows) / d / n**2
    return min(error, distance) / distance


def auc(up, down):
    return float(np.mean([[0.5 if a == b else float(a > b) for b in down] for a in up]))


def silhouette(up, down):
    points = np.vstack([up, down])
    label = np.array([1] * len(up) + [0] * len(down))
    far = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    widths = []
    for i in range(len(points)):
        own = [far[i, j] for j in range(len(points)) if label[j] == label[i] and j != i]
        other = np.mean(far[i, label != label[i]])
        widths.append((other - np.mean(own)) / max(other, np.mean(own)) if own else 0.0)
    return float(np.mean(widths))


def held_out(up, down, folds_up, folds_down):
    """Every pair on the mean difference of what lies outside the folds of the two; ties a half."""
    folds_up, folds_down = np.array(folds_up), np.array(folds_down)
    above = []
    for one, fold in zip(up, folds_up):
        for other, against in zip(down, folds_down):
            plus = up[(folds_up != fold) & (folds_up != against)]
            less = down[(folds_down != fold) & (folds_down != against)]
            if len(plus) > 0 and len(less) > 0:
                apart = (one - other) @ (plus.mean(axis=0) - less.mean(axis=0))
                above.append(0.5 if apart == 0 else float(apart > 0))
    return {"auc": float(np.mean(above)), "pairs": len(above)}


def states_case(seed, n_up, n_down, d, shift):
    points = Points(seed)
    scale = np.array([1 + (k % 3) for k in range(d)], dtype=float)
    up, down = points.matrix(n_up, d) * scale, points.matrix(n_down, d) * scale
    up[:, 0] += shift
    delta = up.mean(axis=0) - down.mean(axis=0)
    covs = [np.atleast_2d(np.cov(x.T)) for x in (up, down)]
    rows = np.vstack([up - up.mean(axis=0), down - down.mean(axis=0)])
    degrees = n_up + n_down - 2
    pooled = rows.T @ rows / degrees
    weight = ledoit_wolf(rows) if d > degrees else 0.0
    shrunk = (1 - weight) * pooled + weight * np.trace(pooled) / d * np.eye(d)
    return {
        "seed": seed, "nPositive": n_up, "nNegative": n_down, "width": d, "shift": shift,
        "raw": float(np.linalg.norm(delta)),
        "debiasedSquare": float(delta @ delta - np.trace(covs[0]) / n_up - np.trace(covs[1]) / n_down),
        "concentration": float(max(np.linalg.norm(c, 2) for c in covs)),
        "trace": float(max(np.trace(c) for c in covs)),
        "spreadAlong": float(math.sqrt(delta @ pooled @ delta) / np.linalg.norm(delta)),
        "shrinkage": float(weight),
        "dPrime": float(math.sqrt(delta @ np.linalg.solve(shrunk, delta))),
        "silhouette": silhouette(up, down),
        "leaveOneOut": held_out(up, down, list(range(n_up)), list(range(n_up, n_up + n_down))),
        "threeFolds": held_out(up, down, [i % 3 for i in range(n_up)], [i % 3 for i in range(n_down)]),
    }


def ches_case(seed, chosen, rejected, d):
    points = Points(seed)
    one, other = points.matrix(chosen, d), points.matrix(rejected, d)
    a, b, ma, mb = one.sum(axis=0), other.sum(axis=0), one.mean(axis=0), other.mean(axis=0)
    return {"seed": seed, "chosen": chosen, "rejected": rejected, "width": d,
            "raw": float(a @ b - a @ a), "perToken": float(ma @ mb - ma @ ma)}


def relation_case(seed, n, rounding):
    """Numbers rounded to tie some; p by enumeration of all orders with SciPy's rho of each."""
    points = Points(seed)
    xs = [round(points.normal() * rounding) for _ in range(n)]
    ys = [round(points.normal() * rounding) for _ in range(n)]
    rho, tau = stats.spearmanr(xs, ys).statistic, stats.kendalltau(xs, ys).statistic
    a, b = stats.rankdata(xs), stats.rankdata(ys)
    out = {"xs": xs, "ys": ys, "rho": float(rho), "tau": float(tau)}
    if n <= 7:
        all_rho = np.array([np.corrcoef(a, np.array(order))[0, 1] for order in itertools.permutations(b)])
        out["oneSidedP"] = float(np.mean(all_rho >= rho - 1e-12))
        out["twoSidedP"] = float(np.mean(np.abs(all_rho) >= abs(rho) - 1e-12))
    else:
        out["oneSidedP"] = float(stats.spearmanr(xs, ys, alternative="greater").pvalue)
        out["twoSidedP"] = float(stats.spearmanr(xs, ys).pvalue)
    return out


BETA, RATE, STEPS, WIDTH, HALF, TOKENS = 0.1, 0.5, 400, 16, 500, 6
YES, NO, START = 2, 4, 0.3


def table_points():
    """Points and starting weights behind the table of the formulas, in single precision as the tests read them.

    Two classes N(+-delta/2, I) of 500 points for D = 1, 2, 4, 8, each followed by a W0 of 6 tokens, in one stream of
    default_rng(0). The table states D, gradient norm and accuracy; the scale of W0 and the two tokens were inferred from
    its accuracy, the one column that depends on them.
    """
    random, tables = np.random.default_rng(0), []
    for distance in (1, 2, 4, 8):
        half = np.zeros(WIDTH)
        half[0] = distance / 2
        up = random.standard_normal((HALF, WIDTH)) + half
        down = random.standard_normal((HALF, WIDTH)) - half
        start = START * random.standard_normal((TOKENS, WIDTH))
        tables.append(np.vstack([up, down, start]).astype("<f4"))
    return np.array(tables)


def simulation(drawn_from, table):
    """Last-layer DPO by gradient descent, as logistic regression on the difference of the two rows that move."""
    g, start = table[: 2 * HALF].astype(float), table[2 * HALF :].astype(float)
    s = np.repeat([1.0, -1.0], HALF)
    moved, first = np.zeros(WIDTH), None
    for _ in range(STEPS):
        push = 1 / (1 + np.exp(BETA * s * (g @ moved)))
        gradient = -BETA * (push * s) @ g / len(s)
        first = gradient if first is None else first
        moved = moved - RATE * 2 * gradient
    margin = BETA * s * (g @ moved)
    delta = g[:HALF].mean(axis=0) - g[HALF:].mean(axis=0)
    return {"drawnFrom": drawn_from, "distance": float(np.linalg.norm(delta)),
            "gradientNorm": float(math.sqrt(2) * np.linalg.norm(first)),
            "loss": float(np.mean(np.logaddexp(0, -margin))), "meanMargin": float(np.mean(margin)),
            "rewardAccuracy": float(np.mean(margin > 0)),
            "accuracy": float(np.mean(s * (g @ (moved + start[YES] - start[NO])) > 0))}


folder = Path(sys.argv[1])
tables = table_points()
(folder / "table-points.f32").write_bytes(tables.tobytes())
(folder / "golden.json").write_text(json.dumps({
    "states": [states_case(11, 12, 9, 5, 2.0), states_case(12, 30, 25, 8, 0.0), states_case(13, 6, 8, 40, 3.0),
               states_case(14, 20, 20, 64, 0.5), states_case(15, 3, 4, 2, 6.0), states_case(16, 4, 4, 6, 2.0)],
    "ches": [ches_case(21, 4, 7, 6), ches_case(22, 5, 3, 33)],
    "relations": [relation_case(31, 4, 9), relation_case(32, 6, 9), relation_case(33, 7, 1),
                  relation_case(34, 7, 3), relation_case(35, 10, 9), relation_case(36, 40, 4)],
    "simulations": [simulation(d, table) for d, table in zip((1, 2, 4, 8), tables)],
}, indent=1) + "\n")
