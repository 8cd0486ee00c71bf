"""hidden-states.json: the last hidden state (after the final norm) of the last prompt token, by transformers in float32."""
import json

import torch

from .shipped import ZOO, load_model, load_tokenizer, prompt_ids

PROMPTS = ("truthfulness-0001", "bias-0001", "ethics-0002", "privacy-0001", "truthfulness-0003/letter")


def state_of(model, tokens):
    with torch.no_grad():
        return model.model(input_ids=torch.tensor([tokens])).last_hidden_state[0, -1]


def write(checkpoints=("sft", "base")):
    cases = {c["id"]: c for c in json.loads((ZOO / "expected.json").read_text())["checkpoints"]["sft"]}
    tok, out = load_tokenizer(), {}
    for name in checkpoints:
        model = load_model(name).eval()
        out[name] = []
        for key in PROMPTS:
            tokens = prompt_ids(tok, cases[key]["prompt"])
            assert tokens == cases[key]["promptTokens"]
            state = [round(float(x), 6) for x in state_of(model, tokens)]
            out[name].append({"id": key, "prompt": cases[key]["prompt"], "promptTokens": tokens, "state": state})
    data = {"schemaVersion": 1, "arithmetic": "transformers, float32, eager attention, matrices rounded to F16",
            "state": "last token of the prompt, after the final norm; not of length 1", "checkpoints": out}
    body = json.dumps(data, separators=(",", ":")).replace('{"id":', '\n{"id":')
    (ZOO / "dynamics").mkdir(exist_ok=True)
    (ZOO / "dynamics" / "hidden-states.json").write_text(body + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    write()
