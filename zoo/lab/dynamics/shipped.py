"""The shipped GGUF weights as a trainable model of transformers, and their tokenizer; checked against expected.json."""
import json
from pathlib import Path

import numpy as np
import torch

from ..model import ARCH, BOS, make_config

ZOO = Path(__file__).resolve().parents[2]
PARTS = {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
         "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
         "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}


def reader_of(name):
    import gguf
    return gguf.GGUFReader(str(ZOO / "checkpoints" / f"{name}.gguf"))


def unpermute(weight, heads):
    """The inverse of export.permute: rotary pairs half a head apart again, as transformers has them."""
    rows, cols = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, cols).swapaxes(1, 2).reshape(rows, cols)


def transformers_name(name):
    """GGUF's name of a tensor as transformers writes it."""
    if name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if name == "output_norm.weight":
        return "model.norm.weight"
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{PARTS[part]}.weight"


def load_model(name):
    """A float32 model with the shipped weights (matrices rounded to F16 by the export)."""
    from transformers import LlamaForCausalLM
    state = {}
    for tensor in reader_of(name).tensors:
        array = np.array(tensor.data, dtype=np.float32)
        if ".attn_q." in tensor.name or ".attn_k." in tensor.name:
            array = unpermute(array, ARCH["num_attention_heads"])
        state[transformers_name(tensor.name)] = torch.from_numpy(np.ascontiguousarray(array))
    vocabulary = state["model.embed_tokens.weight"].shape[0]
    model = LlamaForCausalLM._from_config(make_config(vocabulary), attn_implementation="eager").float()
    missing, unknown = model.load_state_dict(state, strict=False)
    assert not unknown and set(missing) <= {"lm_head.weight"}, (missing, unknown)
    model.tie_weights()
    assert model.lm_head.weight is model.model.embed_tokens.weight
    return model


def load_tokenizer(name="base"):
    """Byte-level BPE from the GGUF's own tokens and merges."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    reader = reader_of(name)
    tokens = reader.get_field("tokenizer.ggml.tokens").contents()
    merges = [tuple(m.split(" ")) for m in reader.get_field("tokenizer.ggml.merges").contents()]
    kinds = reader.get_field("tokenizer.ggml.token_type").contents()
    tok = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens([AddedToken(t, special=True) for t, kind in zip(tokens, kinds) if kind == 3])
    return tok


def ids(tok, text):
    return tok.encode(text, add_special_tokens=False).ids


def prompt_ids(tok, prompt):
    """Tokens of a whole raw prompt, BOS in front."""
    return [BOS] + ids(tok, prompt)


def check(name):
    """Tokens and log-probabilities of expected.json; returns the largest difference in nats."""
    tok, model, worst = load_tokenizer(name), load_model(name).eval(), 0.0
    for case in json.loads((ZOO / "expected.json").read_text())["checkpoints"][name]:
        assert prompt_ids(tok, case["prompt"]) == case["promptTokens"], case["id"]
        for answer in case["answers"]:
            assert ids(tok, answer["text"]) == answer["tokens"][:-1], answer["text"]
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([case["promptTokens"] + answer["tokens"]])).logits[0]
            lp = torch.log_softmax(logits, -1)
            start = len(case["promptTokens"]) - 1
            for i, (token, expected) in enumerate(zip(answer["tokens"], answer["logprobs"])):
                worst = max(worst, abs(float(lp[start + i, token]) - expected))
    return worst


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in ("base", "sft", "dpo", "ppo"):
        print(name, "largest difference to expected.json:", f"{check(name):.1e}", "nats", flush=True)
