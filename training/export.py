"""Writes trained weights as one file, 8 bits per weight, that is compiled into the grader; its metadata names what they were trained on. Beside it,
writes answers with their judgements, with which a test compares the grader in Rust.

    python3 training/export.py --base FOLDER WEIGHTS.pt
"""
import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

import examples
import judge_answers
import reader

GRADER = examples.ROOT / "server" / "grader"
JUDGE, VECTORS = GRADER / "model" / "judge.safetensors", GRADER / "tests" / "judge-vectors.jsonl"
MATRICES = ("qkv", "out", "up", "down", "point_head", "pair_point", "pair_sentence", "pair_head", "sentence_head", "whole_head")


def rounded(weight):
    """Rounds the weights to rows of signed bytes, with a scale for each row."""
    scale = (weight.abs().amax(1) / 127).clamp(min=1e-12)
    return torch.round(weight / scale.unsqueeze(1)).clamp(-127, 127).to(torch.int8), scale


def tensors(state):
    """The tensors for the file."""
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
    """Identifies a point's wording, ignoring punctuation and case."""
    total = 0xCBF29CE484222325
    for byte in "".join(c.lower() for c in point if c.isalnum()).encode():
        total = (total ^ byte) * 0x100000001B3 % 2**64
    return total


def learnt(made):
    """The file's metadata: checksums of the points that the weights were trained on, and of their examples."""
    bank, sets = examples.bank(), examples.all_of()
    names = [n for n in made["questions"] if n in sets and n in bank]
    points = [p["point"] for n in names for p in bank[n]["key_points"]]
    digest = hashlib.sha256("".join(f"{n}\n{(examples.EXAMPLES / (n + '.txt')).read_text(encoding='utf-8')}" for n in names).encode())
    return {"points": " ".join(f"{checksum(p):x}" for p in points), "examples": digest.hexdigest()}


def vectors(model, tokens):
    """Some plain answers with their judgements by the 8-bit weights, one of them read in two pieces."""
    bank, chosen = examples.bank(), []
    for line in open(examples.ROOT / "training" / "natural-answers.jsonl", encoding="utf-8"):
        row = json.loads(line)
        if row["answer"].isascii() and row["question"] in bank and len({c[0] for c in chosen} | {row["question"]}) > len(chosen):
            chosen.append((row["question"], row["answer"]))
        if len(chosen) == 6:
            break
    chosen.append((chosen[0][0], "\n".join(answer for _, answer in chosen)))
    items = [(bank[n]["question"], [p["point"] for p in bank[n]["key_points"]], text) for n, text in chosen]
    for (question, points, text), seen in zip(items, judge_answers.judged(model, tokens, items)):
        share = lambda values, counts: round(sum(v * s for v, s in zip(values, seen[counts])) / sum(seen[counts]), 4)
        few = lambda values: [round(v, 4) for v in values]
        yield {
            "question": question, "points": points, "answer": text, "sentences": [text[s:e] for s, e in seen["spans"]], "pieces": tokens(text),
            "made": few(seen["made"]), "contradicted": few(seen["contradicted"]), "by": list(map(few, seen["pairs"])), "against": list(map(few, seen["denied"])),
            "falsehood": few(seen["false"]), "whole": share(seen["whole"], "tells"), "about": share(seen["about"], "sizes"),
        }


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--base", required=True)
    a.add_argument("weights")
    a = a.parse_args()
    state = torch.load(a.weights, weights_only=False)
    out = tensors(state.get("model", state))
    save_file({k: v.contiguous() for k, v in out.items()}, str(JUDGE), metadata=learnt(json.loads(Path(a.weights).with_name("made.json").read_text())))
    model = reader.Reader()
    model.load_state_dict(reader.load(JUDGE))
    lines = [json.dumps(v) for v in vectors(model, reader.Tokens(Path(a.base) / "tokenizer.json"))]
    VECTORS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{JUDGE.name}: {JUDGE.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
