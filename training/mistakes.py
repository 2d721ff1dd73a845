"""Fits the few numbers that say whether a sentence makes a listed mistake, and prints how many are found.

    python3 training/mistakes.py --base FOLDER [--write]

Positive: a sentence from docs/examples.md that makes the mistake, alone, in the question's reference, or before a natural answer without falsehoods.
Negative: the other sentences of those, the references, natural answers without falsehoods, and references with a true sentence beside the mistake. The
numbers printed are for questions whose sentences were not used in the fit (two halves by question); those written are fitted on all of them. The judge was
trained on the sentences that make mistakes, so a candidate's own words are found less often.
"""
import argparse
import collections
import json
import random
import re
import zlib
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

import examples
import fit
import judge_answers
import reader
import words

FEATURES = ("by", "falsehood", "made", "claim_words", "said_words")
FALSE_ALARMS = 0.01  # how many of the listed mistakes may be found in a text that does not make them
ABSENT = ("reference", "natural")  # the texts on which that is measured


class Case:
    """A text, the mistake it makes (a number, or None), and the sentence that makes it."""

    def __init__(self, question, kind, text, mistake=None, said=""):
        self.question, self.kind, self.text, self.mistake, self.said = question, kind, text, mistake, said


def inserted(text, sentence, chance):
    parts = re.split(r"(?<=[.!?]) ", text)
    at = chance.randrange(len(parts) + 1)
    return " ".join([*parts[:at], ended(sentence), *parts[at:]])


def ended(sentence):
    return sentence if sentence[-1] in ".!?" else sentence + "."


def cases():
    chance, natural = random.Random(5), collections.defaultdict(list)
    for row in map(json.loads, open(examples.ROOT / "training" / "natural-answers.jsonl", encoding="utf-8")):
        if not row["false"]:
            natural[row["question"]].append(row["answer"])
    written, out = examples.all_of(), []
    for name, q in sorted(examples.bank().items()):
        out.append(Case(q, "reference", q["reference"]))
        out += [Case(q, "natural", text) for text in natural[name][::9]]
        claims = [m["claim"] for m in q["mistakes"]]
        for m in written[name].mistakes[:1]:
            n, said = claims.index(m["claim"]), chance.choice(m["made"])
            out.append(Case(q, "alone +", said, n, said))
            out.append(Case(q, "reference +", inserted(q["reference"], said, chance), n, said))
            out.append(Case(q, "reference =", inserted(q["reference"], chance.choice(m["true"]), chance)))
            if natural[name]:
                out.append(Case(q, "natural +", ended(said) + " " + chance.choice(natural[name]), n, said))
    return out


def rows(case, seen, tokens):
    """For each listed mistake of which it is known whether the text makes it: features by sentence, and which sentences make it."""
    q, points = case.question, len(case.question["key_points"])
    said = [words.words(case.text[s:e], tokens) for s, e in seen["spans"]]
    for n, mistake in enumerate(q["mistakes"]):
        if case.mistake is not None and n != case.mistake:
            continue
        claim, at = words.words(mistake["claim"], tokens), points + n
        x = [[seen["pairs"][at][j], seen["false"][j], seen["made"][at], words.shared(claim, s), words.shared(s, claim)] for j, s in enumerate(said)]
        y = [case.mistake is not None and case.text[s:e].rstrip(".!?") in case.said.rstrip(".!?") for s, e in seen["spans"]]
        if x:
            yield np.array(x), np.array(y)


def fitted(parts):
    x, y = np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
    mean, spread = x.mean(0), x.std(0)
    model = LogisticRegression(max_iter=5000).fit((x - mean) / spread, y)
    of = model.coef_[0] / spread
    return np.array([float(model.intercept_[0] - of @ mean), *of])


def likeliest(of, x):
    return float((of[0] + x @ of[1:]).max())


def limit(scores):
    """Above it lie the false alarms that are allowed."""
    found = sorted((s for kind, s in scores if kind in ABSENT), reverse=True)
    return found[int(len(found) * FALSE_ALARMS)]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--base", required=True)
    a.add_argument("--write", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(2)
    tokens, model = reader.Tokens(Path(a.base) / "tokenizer.json"), fit.load(examples.ROOT / "server" / "grader" / "model" / "judge.safetensors")
    known = cases()
    asked = [(c.question["question"], [p["point"] for p in c.question["key_points"]] + [m["claim"] for m in c.question["mistakes"]], c.text) for c in known]
    parts = [(c, x, y) for c, seen in zip(known, judge_answers.judged(model, tokens, asked)) for x, y in rows(c, seen, tokens)]
    half = lambda c: zlib.crc32(c.question["id"].encode()) % 2
    scores = []
    for side in (0, 1):
        of = fitted([(x, y) for c, x, y in parts if half(c) != side])
        scores += [(c.kind, likeliest(of, x)) for c, x, _ in parts if half(c) == side]
    start = limit(scores)
    for kind in sorted({kind for kind, _ in scores}):
        found = [s > start for k, s in scores if k == kind]
        print(f"{kind:12} {np.mean(found):.3f} of {len(found)}")
    of = fitted([(x, y) for _, x, y in parts])
    mistake = {**dict(zip(("bias", *FEATURES), of.tolist())), "from": float(fit.sigmoid(start))}
    print(json.dumps(mistake, indent=1))
    if a.write:
        marking = json.loads(fit.MARKING.read_text())
        fit.MARKING.write_text(json.dumps({**marking, "mistake": mistake}, indent=1) + "\n")


if __name__ == "__main__":
    main()
