"""The learning rate, chosen on a behaviour that is none of the eight: the smallest that learns it by the last step."""
import torch

from . import behaviours, train
from .shipped import load_model, load_tokenizer

RATES, ENOUGH, BY = (5e-5, 1e-4, 2e-4, 4e-4, 8e-4), 0.75, 32


def run(seed=101):
    tok, (name,) = load_tokenizer(), behaviours.PILOT
    rows, chosen, curves = behaviours.rows_of(name), None, {}
    for rate in RATES:
        done = train.train(load_model("sft"), tok, [rows["train"]], rows["held-out"], rate=rate, seed=seed)
        curves[rate] = {k: round(train.accuracy(lp, rows["held-out"]), 3) for k, lp in done["recorded"].items()}
        print(rate, curves[rate], "cpu", round(done["cpu"], 1), flush=True)
        if chosen is None and curves[rate][BY] >= ENOUGH:
            chosen = rate
    return {"behaviour": name, "rule": f"smallest rate with held-out accuracy of at least {ENOUGH} at step {BY}", "heldOutAccuracy": curves, "chosen": chosen}


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(run()["chosen"])
