"""Averages the weights of several runs that started from the same weights. The average judges as well as an ensemble of them, and costs no more
than one.

    python3 training/average.py OUT WEIGHTS...

Writes OUT/weights.pt, and OUT/made.json with the questions that the last run was trained on.
"""
import argparse
import json
from pathlib import Path

import torch

import reader


def main():
    a = argparse.ArgumentParser()
    a.add_argument("out")
    a.add_argument("weights", nargs="+")
    a = a.parse_args()
    states = [reader.load(w) for w in a.weights]
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    torch.save({k: torch.stack([s[k].float() for s in states]).mean(0) for k in states[0]}, out / "weights.pt")
    made = json.loads(Path(a.weights[-1]).with_name("made.json").read_text())
    (out / "made.json").write_text(json.dumps({**made, "average": a.weights}, indent=1))


if __name__ == "__main__":
    main()
