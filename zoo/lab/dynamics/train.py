"""Full fine-tuning by DPO on one-token answers: an own loop, because Yes and No share the prompt's one forward pass."""
import random
import time

import torch
import torch.nn.functional as F

from .shipped import ids, prompt_ids
from .states import FORMS, NO, YES, form_logprobs, rendered

BETA, BATCH, STEPS = 0.1, 64, 32
RECORDED = (0, 2, 4, 8, 16, 32)
ADAMW = dict(betas=(0.9, 0.999), weight_decay=0.0, eps=1e-8)
CLIP = 1.0


def log_odds(model, tok, questions):
    """ln p(Yes) - ln p(No) of the single tokens, with gradient; right-padded rows, read at their last real token."""
    rows = [prompt_ids(tok, rendered(q)) for q in questions]
    last = torch.tensor([len(r) - 1 for r in rows])
    tokens = torch.zeros(len(rows), int(last.max()) + 1, dtype=torch.long)
    for i, r in enumerate(rows):
        tokens[i, :len(r)] = torch.tensor(r)
    # Causal attention: what stands behind a row's last token cannot change it.
    hidden = model.model(input_ids=tokens).last_hidden_state[torch.arange(len(rows)), last]
    (yes,), (no,) = ids(tok, YES[0]), ids(tok, NO[0])
    return hidden @ (model.lm_head.weight[yes] - model.lm_head.weight[no])


def signs(rows, flip=False):
    sign = torch.tensor([1.0 if r["answer_matching_behavior"] == "Yes" else -1.0 for r in rows])
    return -sign if flip else sign


def batches(pools, size, seed):
    """Equal parts of each pool in every batch; a pool is shuffled anew whenever it runs out."""
    rng, order = random.Random(f"order:{seed}"), [[] for _ in pools]
    while True:
        batch = []
        for i, pool in enumerate(pools):
            for _ in range(size // len(pools)):
                if not order[i]:
                    order[i] = list(pool)
                    rng.shuffle(order[i])
                batch.append(order[i].pop())
        yield batch


def train(model, tok, pools, held_out, *, rate, seed, size=BATCH, flip=False, steps=STEPS, record=None):
    """DPO from the model as it stands, which is the reference.

    pools: lists of rows, mixed in equal parts. Returns the loss of each step (before its update) and, at the recorded steps,
    the log-probabilities of all six forms on the held-out rows (n x 6).
    """
    torch.manual_seed(seed)
    start, rows = time.process_time(), [r for pool in pools for r in pool]
    with torch.no_grad():
        reference = dict(zip((r["id"] for r in rows), log_odds(model, tok, [r["question"] for r in rows]).tolist()))
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, **ADAMW)
    stream, losses, recorded = batches(pools, size, seed), [], {}
    wanted = RECORDED if record is None else record
    for step in range(steps + 1):
        if step in wanted:
            recorded[step] = form_logprobs(model, tok, [r["question"] for r in held_out])
        if step == steps:
            break
        batch = next(stream)
        gap = log_odds(model, tok, [r["question"] for r in batch]) - torch.tensor([reference[r["id"]] for r in batch])
        loss = -F.logsigmoid(BETA * signs(batch, flip) * gap).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "recorded": recorded, "cpu": time.process_time() - start}


def odds(logprobs):
    """Log-odds of the sets of forms, as the task reads them."""
    return logprobs[:, :len(YES)].logsumexp(1) - logprobs[:, len(YES):].logsumexp(1)


def accuracy(logprobs, rows, flip=False):
    """Strict: a tie counts as wrong."""
    return float((signs(rows, flip) * odds(logprobs.double()) > 0).double().mean())


assert len(FORMS) == 6
