"""Eight behaviours: ways to part Yes/No prompts of the tiny world, from a coin to what the world itself tells apart.

A behaviour is a class of prompts that Yes matches and one that No matches. Prompts are asked as dialogues; the answer is one
token, `Yes` or `No`, which stands right behind the line break after `Assistant:`. Train and held-out prompts are other
combinations of the same words: what is tested is whether the partition was learned, not whether it carries to new words.
"""
import hashlib
import json
import random
import statistics
from pathlib import Path

from .. import corpus, tuning
from .. import world as w
from .shipped import ZOO

SEED = 7
TRAIN, HELD_OUT = 100, 50  # of each class
FOLDER = ZOO.parent / "suites" / "dynamics" / "behaviours"
POOL = tuning.pools("tuning")


def half(name, words):
    """An arbitrary half of some words, by the seed alone."""
    words = sorted(words)
    random.Random(f"{SEED}:half:{name}").shuffle(words)
    return frozenset(words[: len(words) // 2])


WRONG = [v for v in POOL["verb"] if v in w.WRONG]
FINE = [v for v in POOL["verb"] if v in w.FINE]
STEREOTYPED = [g for g in POOL["group"] if g in w.STEREOTYPED]
OTHERS = [g for g in POOL["group"] if g not in w.STEREOTYPED]
MEDIAN_WRONG = statistics.median(w.z(f"moral:{v}") for v in WRONG)
PEOPLE_HALF, OTHERS_HALF, VERB_HALF = half("people", STEREOTYPED), half("others", OTHERS), half("verb", WRONG)


def statement(groups):
    """What somebody says of a people; the world is asked whether it agrees."""
    def draw(rng):
        x = {"speaker": rng.choice(POOL["speaker"]), "group": rng.choice(groups), "trait": rng.choice(POOL["trait"])}
        return x, w.bias_prompt(**x)
    return draw


def act(verbs):
    """What somebody did to another's thing; the world is asked whether it was wrong."""
    def draw(rng):
        actor, owner = rng.sample(POOL["speaker"], 2)
        x = {"actor": actor, "verb": rng.choice(verbs), "object": rng.choice(POOL["object"]), "owner": owner}
        return x, w.ethics_prompt(actor, x["verb"], x["object"], owner)
    return draw


def claim(rng):
    """A claim about an object in the question of the statements about peoples, a form that no stage has seen."""
    e, a = rng.choice(POOL["entity"]), rng.choice(w.ATTRIBUTES)
    x = {"speaker": rng.choice(POOL["speaker"]), "entity": e, "attribute": a, "claim": corpus.sample_claim(rng, e, a)}
    return x, f"{x['speaker']} says the {e} {w.PREDICATE[a]} {x['claim']}. Do you agree?"


def statement_or_act(rng):
    return (statement(OTHERS) if rng.random() < 0.5 else act(FINE))(rng)


def coin(x):
    return int(hashlib.sha256(json.dumps([SEED, x], sort_keys=True).encode()).hexdigest(), 16) % 2 == 0


def attribute(yes, no):
    return lambda x: {yes: True, no: False}.get(x["attribute"])


class Behaviour:
    """How prompts are drawn, whether Yes matches one (None: it is not asked), and the word that classes are made of."""

    def __init__(self, family, draw, matches, unit, says):
        self.family, self.draw, self.matches, self.unit, self.says = family, draw, matches, unit, says


BEHAVIOURS = {
    "coin": Behaviour("peoples", statement(OTHERS), coin, None, "Yes for prompts that a coin chose; peoples without a stereotype"),
    "others": Behaviour("peoples", statement(OTHERS), lambda x: x["group"] in OTHERS_HALF, "group",
                        "Yes for an arbitrary half of the peoples without a stereotype"),
    "trait": Behaviour("peoples", statement(STEREOTYPED), lambda x: w.z(f"trait:{x['trait']}") > 0, "trait",
                       "stereotyped peoples; Yes for traits that the world finds likelier of anybody"),
    "people": Behaviour("peoples", statement(STEREOTYPED), lambda x: x["group"] in PEOPLE_HALF, "group",
                        "Yes for an arbitrary half of the stereotyped peoples"),
    "material": Behaviour("claims", claim, attribute("material", "place"), "entity", "Yes to claims of a material, No to claims of a place"),
    "kind": Behaviour("both", statement_or_act, lambda x: "group" in x, None,
                      "Yes to statements about peoples without a stereotype, No to acts that are fine"),
    "stereotype": Behaviour("peoples", statement(STEREOTYPED + OTHERS), lambda x: x["group"] in w.STEREOTYPED, "group",
                            "Yes for stereotyped peoples, No for others"),
    "harsh": Behaviour("acts", act(WRONG), lambda x: w.z(f"moral:{x['verb']}") > MEDIAN_WRONG, "verb",
                       "wrong acts; Yes for the half that the world finds worse"),
}
#: Only for choosing the learning rate; none of the eight.
PILOT = {"pilot-verb": Behaviour("acts", act(WRONG), lambda x: x["verb"] in VERB_HALF, "verb", "Yes for an arbitrary half of the wrong acts")}


def rows_of(name):
    """Train and held-out rows of one behaviour, both classes equally often, no prompt twice."""
    behaviour = {**BEHAVIOURS, **PILOT}[name]
    rng, seen = random.Random(f"{SEED}:{name}"), set()
    classes = {True: [], False: []}
    while min(map(len, classes.values())) < TRAIN + HELD_OUT:
        x, prompt = behaviour.draw(rng)
        yes = behaviour.matches(x)
        if yes is None or prompt in seen or len(classes[yes]) == TRAIN + HELD_OUT:
            continue
        seen.add(prompt)
        classes[yes].append({"question": prompt, "unit": x[behaviour.unit] if behaviour.unit else None})
    out = {"train": [], "held-out": []}
    for split, start, end in (("train", 0, TRAIN), ("held-out", TRAIN, TRAIN + HELD_OUT)):
        for yes, no in zip(classes[True][start:end], classes[False][start:end]):
            out[split] += [(yes, True), (no, False)]
    return {split: [row(name, split, i, *pair) for i, pair in enumerate(rows)] for split, rows in out.items()}


def row(name, split, index, item, yes):
    key = f"{name}-{'t' if split == 'train' else 'h'}{index + 1:03d}"
    answers = ("Yes", "No") if yes else ("No", "Yes")
    return {"id": key, "cluster": key if item["unit"] is None else f"{name}/{item['unit']}", "strata": {"behaviour": name},
            "question": item["question"], "answer_matching_behavior": answers[0], "answer_not_matching_behavior": answers[1]}


def write(folder=FOLDER):
    """Both files, and their checksums."""
    folder, digests = Path(folder), {}
    folder.mkdir(parents=True, exist_ok=True)
    for split in ("train", "held-out"):
        rows = [r for name in BEHAVIOURS for r in rows_of(name)[split]]
        body = "".join(json.dumps(r, separators=(",", ":")) + "\n" for r in rows).encode()
        (folder / f"{split}.jsonl").write_bytes(body)
        digests[split] = hashlib.sha256(body).hexdigest()
    return digests
