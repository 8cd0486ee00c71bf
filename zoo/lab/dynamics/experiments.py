"""All runs of the protocol, one after the other; what each recorded is kept under the work folder, so that a stop costs one run."""
import json
from pathlib import Path

import torch

from . import behaviours, train
from .shipped import load_model, load_tokenizer
from .states import distinguishability, hidden_states

RATE, SEEDS, FLIPPED = 4e-4, (1, 2, 3), ("stereotype", "material")
PAIR = ("material", "trait")
#: The addendum of the protocol.
CONTESTED = ("stereotype", "people")


def rounded(logprobs):
    """Yes and No to five decimals; the other forms, of which nothing hangs, to two."""
    digits = (5, 2, 2, 5, 2, 2)
    return [[min(0.0, round(float(x), d)) + 0.0 for x, d in zip(row, digits)] for row in logprobs]


class Lab:
    def __init__(self, work):
        self.folder = Path(work) / "runs"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tok, self.rows = load_tokenizer(), {n: behaviours.rows_of(n) for n in behaviours.BEHAVIOURS}

    def run(self, name, members, seed, *, start="sft", size=train.BATCH, flip=False, keep=False):
        path = self.folder / f"{name}.json"
        weights = self.folder / f"{name}.pt"
        if path.exists() and (weights.exists() or not keep):
            return
        model = load_model("sft" if start.endswith(".pt") else start)
        if start.endswith(".pt"):
            model.load_state_dict(torch.load(self.folder / start))
        held_out = [r for n in members for r in self.rows[n]["held-out"]]
        done = train.train(model, self.tok, [self.rows[n]["train"] for n in members], held_out, rate=RATE, seed=seed, size=size, flip=flip)
        found = {"name": name, "members": members, "seed": seed, "start": start, "batch": size, "flip": flip, "cpuSeconds": round(done["cpu"], 1),
                 "trainLoss": [round(x, 5) for x in done["losses"]], "logprobs": {k: rounded(v) for k, v in done["recorded"].items()}}
        if keep:
            torch.save(model.state_dict(), weights)
            found["D"] = round(self.distance(model, members[0]), 4)
        path.write_text(json.dumps(found) + "\n")
        print(name, found["cpuSeconds"], {k: round(train.accuracy(v, held_out, flip), 3) for k, v in done["recorded"].items()}, flush=True)

    def distance(self, model, name):
        rows = self.rows[name]["train"]
        states = hidden_states(model.eval(), self.tok, [r["question"] for r in rows])
        model.train()
        return distinguishability(states, train.signs(rows) > 0)[0]["raw"]


def run(work, seeds=SEEDS):
    lab = Lab(work)
    for seed in seeds:
        for name in behaviours.BEHAVIOURS:
            lab.run(f"{name}-s{seed}", [name], seed, keep=name in FLIPPED)
        lab.run(f"mixture-s{seed}", list(PAIR), seed)
        for name in PAIR:
            lab.run(f"{name}-half-s{seed}", [name], seed, size=train.BATCH // 2)
        for name in FLIPPED:
            lab.run(f"{name}-flipped-base-s{seed}", [name], seed, start="base", flip=True)
            lab.run(f"{name}-flipped-aligned-s{seed}", [name], seed, start=f"{name}-s{seed}.pt", flip=True)
    for seed in seeds:
        lab.run(f"contested-s{seed}", list(CONTESTED), seed)
        for name in CONTESTED:
            lab.run(f"{name}-half-s{seed}", [name], seed, size=train.BATCH // 2)
    for seed in seeds:
        lab.run(f"eight-s{seed}", list(behaviours.BEHAVIOURS), seed)
        # Of the two behaviours with flipped labels, this is also the run from sft.
        for name in behaviours.BEHAVIOURS:
            lab.run(f"{name}-reversed-s{seed}", [name], seed, flip=True)


if __name__ == "__main__":
    import sys
    torch.set_num_threads(1)
    run(sys.argv[1], tuple(map(int, sys.argv[2:])) or SEEDS)
