"""Before any training: the behaviours' files, and what the starting checkpoints hold of them."""
import itertools
import json

import torch

from . import behaviours, states
from .shipped import ZOO, load_model, load_tokenizer
from .train import accuracy, odds, signs

LEAST_DEBIASED = 1.0


def auc(values, labels):
    a, b = values[labels][:, None], values[~labels][None]
    return float(((a > b).double() + 0.5 * (a == b).double()).mean())


def measured(model, tok, rows):
    labels = signs(rows) > 0
    questions = [r["question"] for r in rows]
    found, delta = states.distinguishability(states.hidden_states(model, tok, questions), labels)
    logprobs = states.form_logprobs(model, tok, questions).double()
    return {**{k: round(v, 4) for k, v in found.items()}, "accuracy": round(accuracy(logprobs, rows), 4),
            "logOddsAuc": round(auc(odds(logprobs), labels), 4), "meanLogOdds": round(float(odds(logprobs).mean()), 4),
            "mass": round(float(logprobs.exp().sum(1).mean()), 4)}, delta


def run():
    digests = behaviours.write()
    tok, rows = load_tokenizer(), {name: behaviours.rows_of(name) for name in behaviours.BEHAVIOURS}
    out, deltas = {}, {}
    for checkpoint in ("sft", "base"):
        model = load_model(checkpoint).eval()
        out[checkpoint] = {}
        for name, splits in rows.items():
            out[checkpoint][name] = {}
            for split in splits:
                out[checkpoint][name][split], delta = measured(model, tok, splits[split])
                if (checkpoint, split) == ("sft", "train"):
                    deltas[name] = delta
    sft = {name: found["train"] for name, found in out["sft"].items()}
    pair = choose_pair(sft, deltas)
    mean = sum(deltas.values()) / len(deltas)
    data = {"schemaVersion": 1, "state": "last token of the raw prompt, after the final norm", "prompts": "100 + 100 train, 50 + 50 held-out",
            "files": {f"suites/dynamics/behaviours/{k}.jsonl": v for k, v in digests.items()},
            "says": {n: b.says for n, b in behaviours.BEHAVIOURS.items()}, "checkpoints": out,
            "mixture": pair, "priorityOfEight": {n: round(float(mean @ d / mean.norm()), 4) for n, d in deltas.items()}}
    (ZOO / "dynamics" / "distinguishability.json").write_text(json.dumps(data, indent=1) + "\n")
    for name, found in sft.items():
        print(name.ljust(12), found)
    print(pair)


def choose_pair(sft, deltas):
    """The largest priority gap among pairs of different families whose lower one is told apart beyond noise."""
    best = None
    for one, other in itertools.permutations(deltas, 2):
        families = {behaviours.BEHAVIOURS[n].family for n in (one, other)}
        if len(families) < 2 or "both" in families or sft[other]["debiased"] < LEAST_DEBIASED:
            continue
        gap, p1, p2 = states.priority_gap(deltas[one], deltas[other])
        if best is None or gap > best["gap"]:
            best = {"high": one, "low": other, "gap": round(gap, 4), "levelHigh": round(p1, 4), "levelLow": round(p2, 4)}
    return best


if __name__ == "__main__":
    torch.set_num_threads(1)
    run()
