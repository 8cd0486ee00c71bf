"""The numbers of the protocol, from what is published: speeds, rank relations with exact p, mixture, flipped labels."""
import itertools
import json

import torch

from .experiments import CONTESTED, FLIPPED, PAIR, SEEDS
from .shipped import ZOO
from .train import BETA, odds, signs


def area(curve):
    """Trapezia over real steps, divided by their span."""
    steps = sorted(curve)
    return sum((b - a) * (curve[a] + curve[b]) / 2 for a, b in zip(steps, steps[1:])) / (steps[-1] - steps[0])


def crossing(curve, threshold=0.75):
    """The first step at which the curve reaches the threshold, linear between steps; None: never."""
    steps = sorted(curve)
    if curve[steps[0]] >= threshold:
        return float(steps[0])
    for a, b in zip(steps, steps[1:]):
        if curve[b] >= threshold:
            return a + (threshold - curve[a]) / (curve[b] - curve[a]) * (b - a)
    return None


def ranks(values):
    order = sorted(values)
    return [(order.index(v) + 1 + len(order) - order[::-1].index(v)) / 2 for v in values]


def relation(xs, ys):
    """Spearman's rho with mid-ranks, and p over all orders."""
    a, b = ([2 * r - len(xs) - 1 for r in ranks(v)] for v in (xs, ys))
    scale = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    if scale == 0:
        return {"n": len(xs), "rho": None}
    observed, high, far, count = sum(x * y for x, y in zip(a, b)), 0, 0, 0
    for order in itertools.permutations(b):
        value = sum(x * y for x, y in zip(a, order))
        high, far, count = high + (value >= observed), far + (abs(value) >= abs(observed)), count + 1
    return {"n": len(xs), "rho": round(observed / scale, 6), "oneSidedP": round(high / count, 6), "twoSidedP": round(far / count, 6)}


def gaps(logprobs):
    """Log-odds of the two single tokens, as they were trained."""
    return logprobs[:, 0] - logprobs[:, 3]


def curves(run, rows, name, flip=False):
    """Held-out accuracy, mean beta-free margin and DPO loss of one member at every recorded step."""
    at = run["members"].index(name) * 100
    part = {k: v[at:at + 100] for k, v in run["logprobs"].items()}
    sign, start = signs(rows[name]["held-out"], flip).double(), gaps(part[0])
    margins = {k: sign * (gaps(v) - start) for k, v in part.items()}
    return {"accuracy": {k: float((sign * odds(v) > 0).double().mean()) for k, v in part.items()},
            "margin": {k: float(m.mean()) for k, m in margins.items()},
            "loss": {k: float(torch.nn.functional.softplus(-BETA * m).mean()) for k, m in margins.items()}}


def speeds(found):
    accuracy = found["accuracy"]
    values = {"area": area(accuracy), "gain": area(accuracy) - accuracy[0], "marginArea": area(found["margin"]), "lossArea": area(found["loss"]),
              "marginAt2": found["margin"][2], "marginAt4": found["margin"][4]}
    return {**{k: round(v, 6) for k, v in values.items()}, "crossing": (lambda x: None if x is None else round(x, 4))(crossing(accuracy)),
            "accuracy": [round(accuracy[k], 4) for k in sorted(accuracy)], "loss": [round(found["loss"][k], 6) for k in sorted(found["loss"])]}


def mean(values):
    return sum(values) / len(values)


def by_seed(runs, rows, names, pattern, flip=False):
    """Behaviour -> list of speeds, one a seed."""
    return {n: [speeds(curves(runs[pattern.format(name=n, seed=s)], rows, n, flip)) for s in SEEDS] for n in names}


def relations(distance, found, key="area"):
    """Rho of a distance and a speed, for each seed and for the mean over seeds."""
    def speed(value):
        return -(1e9 if value is None else value) if key == "crossing" else value
    names = list(distance)
    out = {f"seed{s}": relation([distance[n] for n in names], [speed(found[n][i][key]) for n in names]) for i, s in enumerate(SEEDS)}
    averages = [round(mean([speed(x[key]) for x in found[n]]), 9) for n in names]
    return {**out, "mean": relation([distance[n] for n in names], averages)}


def results(runs, rows):
    facts = json.loads((ZOO / "dynamics" / "distinguishability.json").read_text())
    sft, names = facts["checkpoints"]["sft"], list(rows)
    D = {n: sft[n]["train"]["raw"] for n in names}
    alone, reversed_ = by_seed(runs, rows, names, "{name}-s{seed}"), by_seed(runs, rows, names, "{name}-reversed-s{seed}", True)
    both = {n: [{"area": (a["area"] + b["area"]) / 2} for a, b in zip(alone[n], reversed_[n])] for n in names}
    eight = by_seed(runs, rows, names, "eight-s{seed}")
    return {"schemaVersion": 1, "steps": [0, 2, 4, 8, 16, 32], "cpuSeconds": round(sum(r["cpuSeconds"] for r in runs.values())),
            "alone": {"speeds": alone, "primary": relations(D, alone), "gain": relations(D, alone, "gain"), "marginArea": relations(D, alone, "marginArea"),
                      "crossing": relations(D, alone, "crossing"), "debiased": relations({n: sft[n]["train"]["debiased"] for n in names}, alone),
                      "heldOutD": relations({n: sft[n]["held-out"]["raw"] for n in names}, alone)},
            "reversed": {"speeds": reversed_, "area": relations(D, reversed_), "marginArea": relations(D, reversed_, "marginArea"), "bothOrientations": relations(D, both)},
            "eight": {"speeds": eight, "area": relations(D, eight), "priority": relations(facts["priorityOfEight"], eight)},
            "mixture": mixture(runs, rows, "mixture", PAIR), "contested": mixture(runs, rows, "contested", CONTESTED), "flipped": flipped(runs, rows, facts)}


def mixture(runs, rows, run, pair):
    out = {}
    for role, n in zip(("high", "low"), pair):
        mixed, half = ([speeds(curves(runs[p.format(name=n, seed=s)], rows, n)) for s in SEEDS] for p in (run + "-s{seed}", "{name}-half-s{seed}"))
        out[role] = {"behaviour": n, "mixed": mixed, "alone": half, "lost": [round(a["area"] - m["area"], 6) for a, m in zip(half, mixed)]}
    low, high = out["low"]["lost"], out["high"]["lost"]
    out["crowdsOut"] = all(x > 0 for x in low) and all(x > abs(y) for x, y in zip(low, high))
    return out


def flipped(runs, rows, facts):
    out = {}
    for n in FLIPPED:
        starts = {"base": "{name}-flipped-base-s{seed}", "sft": "{name}-reversed-s{seed}", "aligned": "{name}-flipped-aligned-s{seed}"}
        found = {k: [speeds(curves(runs[p.format(name=n, seed=s)], rows, n, True)) for s in SEEDS] for k, p in starts.items()}
        loss = {k: [x["lossArea"] for x in v] for k, v in found.items()}
        distance = {"base": facts["checkpoints"]["base"][n]["train"]["raw"], "sft": facts["checkpoints"]["sft"][n]["train"]["raw"],
                    "aligned": [runs[f"{n}-s{s}"]["D"] for s in SEEDS]}
        out[n] = {"speeds": found, "D": distance, "proxyToSft": [round((d / distance["sft"]) ** 2, 4) for d in distance["aligned"]],
                  "proxyToBase": [round((d / distance["base"]) ** 2, 4) for d in distance["aligned"]],
                  "fasterThanSft": all(a < b for a, b in zip(loss["aligned"], loss["sft"])),
                  "fasterThanBase": all(a < b for a, b in zip(loss["aligned"], loss["base"]))}
    return out


def tables(found, path):
    """Fills the marked tables of the README, once it is there."""
    if not path.exists():
        return
    text = path.read_text()
    for name, body in table_bodies(found).items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        head, rest = text.split(start)
        text = head + start + "\n" + body + "\n" + end + rest.split(end)[1]
    path.write_text(text)


def table(head, rows):
    return "\n".join("| " + " | ".join(map(str, r)) + " |" for r in [head, ["---"] * len(head), *rows])


def three(values, digits=3):
    return ", ".join("never" if v is None else f"{v:.{digits}f}" for v in values)


def rho_row(label, found):
    def cell(x):
        return "not computable" if x["rho"] is None else f"{x['rho']:.3f} ({x['twoSidedP']:.4f})"
    return [label, *(cell(found[k]) for k in ("seed1", "seed2", "seed3", "mean"))]


def table_bodies(found):
    facts = json.loads((ZOO / "dynamics" / "distinguishability.json").read_text())["checkpoints"]["sft"]
    names = sorted(facts, key=lambda n: facts[n]["train"]["raw"])
    alone, eight, back = found["alone"]["speeds"], found["eight"]["speeds"], found["reversed"]["speeds"]
    def pick(x, n, key="area"):
        return three([s[key] for s in x[n]])
    rho = [rho_row("**D, area** (primary)", found["alone"]["primary"]), rho_row("D, area less accuracy at the start", found["alone"]["gain"]),
           rho_row("D, area of the margin", found["alone"]["marginArea"]), rho_row("D, first crossing of .75", found["alone"]["crossing"]),
           rho_row("debiased D, area", found["alone"]["debiased"]), rho_row("D of the held-out prompts, area", found["alone"]["heldOutD"]),
           rho_row("D, area, reversed", found["reversed"]["area"]), rho_row("D, area of the margin, reversed", found["reversed"]["marginArea"]),
           rho_row("D, area, mean of both orientations", found["reversed"]["bothOrientations"]),
           rho_row("D, area, all eight in one run", found["eight"]["area"]), rho_row("priority level, area, all eight in one run", found["eight"]["priority"])]
    mixed = [[f"{kind}, {r}", f"`{m[r]['behaviour']}`", three([x["area"] for x in m[r]["alone"]]), three([x["area"] for x in m[r]["mixed"]]), three(m[r]["lost"]),
              three([x["marginAt4"] for x in m[r]["alone"]], 2), three([x["marginAt4"] for x in m[r]["mixed"]], 2)]
             for kind in ("mixture", "contested") for m in [found[kind]] for r in ("high", "low")]
    flips = [[n, k, (f"{f['D'][k]:.2f}" if k != "aligned" else three(f["D"][k], 2)), three([x["lossArea"] for x in f["speeds"][k]], 4),
              three([x["loss"][3] for x in f["speeds"][k]], 4), three([x["loss"][5] for x in f["speeds"][k]], 4)] for n, f in found["flipped"].items() for k in ("base", "sft", "aligned")]
    return {"speeds": table(["behaviour", "D", "area (seeds 1, 2, 3)", "first crossing of .75", "area, reversed", "area, all eight in one run"],
                            [[f"`{n}`", f"{facts[n]['train']['raw']:.2f}", pick(alone, n), three([s["crossing"] for s in alone[n]], 1), pick(back, n), pick(eight, n)] for n in names]),
            "relations": table(["ρ (two-sided exact p), n = 8", "seed 1", "seed 2", "seed 3", "mean over seeds"], rho),
            "mixture": table(["", "behaviour", "area alone", "area in the mixture", "lost", "margin at step 4 alone", "in the mixture"], mixed),
            "flipped": table(["behaviour", "start", "D of the start", "area under the loss", "loss at step 8", "loss at step 32"], flips)}
