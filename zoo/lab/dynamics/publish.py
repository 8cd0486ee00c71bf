"""What is committed of the runs: replay answers, log-odds of the control runs, results and their checksums."""
import hashlib
import json
from pathlib import Path

import torch

from . import analyse, behaviours
from .experiments import SEEDS
from .shipped import ZOO
from .states import FORMS, rendered

RECORDED = behaviours.FOLDER / "recorded"
REPLAYED = [f"{n}-s{s}" for s in SEEDS for n in behaviours.BEHAVIOURS] + [f"mixture-s{s}" for s in SEEDS] + ["eight-s1"]


def load(work):
    """Every run by name; steps as numbers, log-probabilities as n x 6."""
    runs = {}
    for path in sorted((Path(work) / "runs").glob("*.json")):
        run = json.loads(path.read_text())
        run["logprobs"] = {int(k): torch.tensor(v, dtype=torch.float64) for k, v in run["logprobs"].items()}
        runs[run["name"]] = run
    return runs


def replay_lines(rows, logprobs):
    for row, scores in zip(rows, logprobs.tolist()):
        line = {"prompt": rendered(row["question"]), "continuations": list(FORMS), "scores": [shorter(x) for x in scores]}
        yield json.dumps(line, separators=(",", ":")) + "\n"


def shorter(x):
    return int(x) if x == int(x) else round(x, 5)


def write_replay(runs, rows):
    RECORDED.mkdir(exist_ok=True)
    for old in RECORDED.glob("*.jsonl"):
        old.unlink()
    for name in REPLAYED:
        run = runs[name]
        held_out = [r for n in run["members"] for r in rows[n]["held-out"]]
        for step, logprobs in run["logprobs"].items():
            if step > 0:
                (RECORDED / f"{name}-{step}.jsonl").write_text("".join(replay_lines(held_out, logprobs)))
    start = [(r, lp) for n in rows for r, lp in zip(rows[n]["held-out"], runs[f"{n}-s1"]["logprobs"][0])]
    (RECORDED / "sft.jsonl").write_text("".join(replay_lines([r for r, _ in start], torch.stack([lp for _, lp in start]))))


def write_odds(runs):
    """ln p(Yes) - ln p(No) on the held-out prompts of every run that is not replayed, in the order of the file."""
    out = {}
    for name, run in runs.items():
        if name not in REPLAYED:
            out[name] = {"behaviours": run["members"], "start": run["start"].removesuffix(".pt"), "batch": run["batch"], "flip": run["flip"],
                         "logOdds": {k: [round(x, 2) for x in (v[:, 0] - v[:, 3]).tolist()] for k, v in run["logprobs"].items()}}
    body = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in out.items())
    (ZOO / "dynamics" / "odds.json").write_text("{\n" + body + "\n}\n")


def compact(data):
    """One line for each figure of the results."""
    inner = (f'"{k}":{json.dumps(v, separators=(",", ":"))}' for k, v in data.items())
    return "{" + ",\n".join(inner) + "}"


def write_manifest():
    root, files = ZOO.parent, []
    for path in sorted([*behaviours.FOLDER.rglob("*.jsonl"), *(ZOO / "dynamics").glob("*.json")]):
        if path.name != "MANIFEST.json":
            body = path.read_bytes()
            files.append({"file": str(path.relative_to(root)), "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    body = ",\n".join(" " + json.dumps(f) for f in files)
    (ZOO / "dynamics" / "MANIFEST.json").write_text('{"schemaVersion":1,"files":[\n' + body + "\n]}\n")
    print(len(files), "files,", sum(f["bytes"] for f in files), "bytes")


def run(work):
    runs, rows = load(work), {n: behaviours.rows_of(n) for n in behaviours.BEHAVIOURS}
    write_replay(runs, rows)
    write_odds(runs)
    results = analyse.results(runs, rows)
    (ZOO / "dynamics" / "results.json").write_text(compact(results) + "\n")
    write_manifest()
    analyse.tables(results, ZOO / "dynamics" / "README.md")


if __name__ == "__main__":
    import sys
    run(sys.argv[1])
