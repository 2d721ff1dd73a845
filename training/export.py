"""Writes trained weights as one file, training/judge.safetensors, 8 bits a weight; its metadata names what they were trained on.

    python3 training/export.py WEIGHTS.pt
"""
import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

import examples

JUDGE = examples.ROOT / "training" / "judge.safetensors"
MATRICES = ("qkv", "out", "up", "down", "point_head", "pair_point", "pair_sentence", "pair_head", "sentence_head", "whole_head")


def rounded(weight):
    """Rows of signed bytes and the scale of each row."""
    scale = (weight.abs().amax(1) / 127).clamp(min=1e-12)
    return torch.round(weight / scale.unsqueeze(1)).clamp(-127, 127).to(torch.int8), scale


def tensors(state):
    """What goes into the file."""
    out = {}
    for name, value in state.items():
        owner, part = name.rsplit(".", 1)
        if part == "weight" and (owner == "words" or owner.split(".")[-1] in MATRICES):
            q, scale = rounded(value)
            out[owner + ".q"], out[owner + ".scale"] = q, scale.float()
        elif owner in ("positions", "roles"):
            out[owner] = value.float().contiguous()
        else:
            out[name] = value.float().contiguous()
    return out


def checksum(point):
    """By which a point's wording is known, whatever its marks and case."""
    total = 0xCBF29CE484222325
    for byte in "".join(c.lower() for c in point if c.isalnum()).encode():
        total = (total ^ byte) * 0x100000001B3 % 2**64
    return total


def learnt(made):
    """The file's metadata: what the weights were trained on, by the questions that the training names."""
    bank, sets = examples.bank(), examples.all_of()
    names = [n for n in made["questions"] if n in sets and n in bank]
    points = [p["point"] for n in names for p in bank[n]["key_points"]]
    digest = hashlib.sha256("".join(f"{n}\n{(examples.EXAMPLES / (n + '.txt')).read_text(encoding='utf-8')}" for n in names).encode())
    return {"points": " ".join(f"{checksum(p):x}" for p in points), "examples": digest.hexdigest()}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("weights")
    a = a.parse_args()
    state = torch.load(a.weights, weights_only=False)
    out = tensors(state.get("model", state))
    path = JUDGE
    save_file({k: v.contiguous() for k, v in out.items()}, str(path), metadata=learnt(json.loads(Path(a.weights).with_name("made.json").read_text())))
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
