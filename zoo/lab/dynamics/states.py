"""What a checkpoint holds of prompts: last hidden states, log-probabilities of Yes and No, and what follows from both."""
import collections
import copy

import torch

from .. import world as w
from .shipped import ids, prompt_ids

YES, NO = ("Yes", "yes", "YES"), ("No", "no", "NO")
FORMS = YES + NO


def rendered(question):
    return w.render_prompt(question)


def by_length(rows):
    groups = collections.defaultdict(list)
    for i, r in enumerate(rows):
        groups[len(r)].append(i)
    return groups.values()


def hidden_states(model, tok, questions):
    """n x 128: the state after the final norm at the last token of each prompt."""
    rows = [prompt_ids(tok, rendered(q)) for q in questions]
    out = torch.zeros(len(rows), model.config.hidden_size)
    with torch.no_grad():
        for part in by_length(rows):
            out[part] = model.model(input_ids=torch.tensor([rows[i] for i in part])).last_hidden_state[:, -1]
    return out


def form_logprobs(model, tok, questions):
    """n x 6: ln p of each whole surface form (one to three tokens) right behind the prompt, no end token."""
    prompts, forms = [prompt_ids(tok, rendered(q)) for q in questions], [ids(tok, f) for f in FORMS]
    out = torch.zeros(len(prompts), len(forms))
    with torch.no_grad():
        for part in by_length(prompts):
            asked = model(input_ids=torch.tensor([prompts[i] for i in part]), use_cache=True, logits_to_keep=1)
            first = torch.log_softmax(asked.logits[:, -1].double(), -1)
            for j, form in enumerate(forms):
                total = first[:, form[0]]
                if len(form) > 1:
                    # The prompt is evaluated once; each form goes on from a copy of its keys and values.
                    rest = torch.tensor([form[:-1]] * len(part))
                    logits = model(input_ids=rest, past_key_values=copy.deepcopy(asked.past_key_values), use_cache=True).logits
                    lp = torch.log_softmax(logits.double(), -1)
                    total = total + sum(lp[:, k, token] for k, token in enumerate(form[1:]))
                out[part, j] = total.float()
    return out


def distinguishability(states, labels):
    """D, its debiased form, the deviation within the classes along the difference, and the difference itself."""
    a, b = states[labels].double(), states[~labels].double()
    delta = a.mean(0) - b.mean(0)
    square = float(delta @ delta)
    noise = sum(float(x.var(0).sum()) / len(x) for x in (a, b))
    along = delta / delta.norm()
    inner = torch.cat([(a - a.mean(0)) @ along, (b - b.mean(0)) @ along])
    spread = float((inner @ inner / (len(inner) - 2)).sqrt())
    return {"raw": square ** 0.5, "debiased": max(0.0, square - noise) ** 0.5, "spreadAlong": spread}, delta


def priority_gap(one, other):
    """(p1 - p2) / max(|d1|, |d2|) of two behaviours mixed by halves."""
    mean = (one + other) / 2
    p1, p2 = (float(mean @ d / mean.norm()) for d in (one, other))
    return (p1 - p2) / max(float(one.norm()), float(other.norm())), p1, p2
