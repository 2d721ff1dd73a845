"""Fits the few numbers between the judge and the scores on answers that the judge was not trained on, and measures how far marks are from readers'
on questions that it was not trained on (split-conformal: the marks of one half of the questions are fitted without them).

    python3 training/fit.py --base FOLDER --weights WEIGHTS.pt --held HELD.pt --on TOPIC... [--write]

Fitted on natural-answers.jsonl, as the final weights judge them, and on one in four of the written answers to the questions that `--held` was trained
without, as those weights judge them. The ranges are those of the latter's questions.

Prints what it finds; with --write it also writes training/marking.json.
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, Ridge

import examples
import judge_answers
import reader
import words

MARKING = examples.ROOT / "training" / "marking.json"
MOST_POINTS_SHOWN = 2
FIFTHS = 5
LEAST_SPREAD = 0.05


POINT = ("made", "by", "contradicted", "against", "point_words", "way_words", "union_words", "news")


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def point_features(seen):
    """For each point: made, by (of the best sentence that shows fewer than two points yet, the likeliest point first), contradicted, against."""
    k, m = len(seen["made"]), len(seen["spans"])
    shown, out = [0] * m, [None] * k
    for i in sorted(range(k), key=lambda i: -seen["made"][i]):
        free = [j for j in range(m) if shown[j] < MOST_POINTS_SHOWN]
        best = max(free, key=lambda j: (seen["pairs"][i][j], -j), default=None)
        by = seen["pairs"][i][best] if best is not None else -12.0
        out[i] = [seen["made"][i], by, seen["contradicted"][i], max(seen["denied"][i])]
        if best is not None and seen["made"][i] + by > 0:
            shown[best] += 1
    return out


def word_features(question, text, seen, tokens):
    """For each point the shares of its words that the answer has: the point's own in one sentence, the point's or a phrasing's in one sentence, those of
    all ways to say it in one sentence, and those that the question does not have in the whole answer."""
    sentences, whole = [words.words(text[s:e], tokens) for s, e in seen["spans"]], words.words(text, tokens)
    asked, out = words.words(question["question"], tokens), []
    most = lambda of: max((words.shared(of, s) for s in sentences), default=0.0)
    for k in question["key_points"]:
        ways = [words.words(t, tokens) for t in [k["point"], *k["phrasings"]]]
        union = words.words(" ".join([k["point"], *k["phrasings"]]), tokens)
        news = {s: w for s, w in union.items() if s not in asked}
        out.append([most(ways[0]), max(map(most, ways)), most(union), words.shared(news, whole)])
    return out


class Marked:
    """An answer, what readers give it, and what the judge says."""

    def __init__(self, question, name, weights, marks, contradicted, overall, text, seen, tokens):
        self.name, self.weights, self.marks, self.contradicted, self.overall, self.text, self.seen = name, weights, marks, contradicted, overall, text, seen
        self.features = [a + b for a, b in zip(point_features(seen), word_features(question, text, seen, tokens))]


def written(names, model, tokens):
    """The written answers of these questions."""
    bank, sets, items, known = examples.bank(), examples.all_of(), [], []
    for name in names:
        q = bank[name]
        points, weights = [p["point"] for p in q["key_points"]], [p["weight"] for p in q["key_points"]]
        for a in sets[name].answers:
            if any(i > len(points) for _, _, ms in a.spans for _, i in ms):
                continue
            contradicted = None if a.given else [any(k == "!" and i == n + 1 for _, _, ms in a.spans for k, i in ms) for n in range(len(points))]
            items.append((q["question"], points, a.text))
            known.append((q, name, weights, a.points(len(points)), contradicted, a.overall, a.text))
    return [Marked(*k, s, tokens) for k, s in zip(known, judge_answers.judged(model, tokens, items))]


def natural(names, model, tokens):
    """The answers of natural-answers.jsonl to these questions; to all without names."""
    bank, items, known = examples.bank(), [], []
    for row in map(json.loads, open(examples.ROOT / "training" / "natural-answers.jsonl", encoding="utf-8")):
        q = bank.get(row["question"])
        if q is None or len(q["key_points"]) != len(row["points"]) or (names and row["question"] not in names):
            continue
        items.append((q["question"], [p["point"] for p in q["key_points"]], row["answer"]))
        marks = [sum(p) / len(p) for p in row["points"]]
        known.append((q, row["question"], [p["weight"] for p in q["key_points"]], marks, None, sum(row["overall"]) / len(row["overall"]), row["answer"]))
    return [Marked(*k, s, tokens) for k, s in zip(known, judge_answers.judged(model, tokens, items))]


def logistic(x, y, weight=None):
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(x, y, sample_weight=weight)
    return float(fit.intercept_[0]), [float(c) for c in fit.coef_[0]]


def fit_points(answers):
    x = np.array([f for a in answers for f in a.features])
    y = np.array([m for a in answers for m in a.marks])
    # A point made in part counts as half a point made and half a point missed.
    x2, y2 = np.concatenate([x, x]), np.concatenate([np.ones(len(y)), np.zeros(len(y))])
    bias, found = logistic(x2, y2, np.concatenate([y, 1 - y]))
    return {"bias": bias, **dict(zip(POINT, found))}


def probability(point, features):
    f = np.array(features).reshape(-1, len(POINT))
    return sigmoid(point["bias"] + f @ np.array([point[k] for k in POINT]))


def best_threshold(p, truth):
    """The threshold with the highest F1."""
    def f1(t):
        said = p >= t
        return 2 * (said & truth).sum() / max(1, said.sum() + truth.sum())
    t = max(np.arange(0.1, 0.9, 0.01), key=f1)
    return float(t), float(f1(t))


def fit_contradiction(answers):
    marked = [(f, c) for a in answers if a.contradicted for f, c in zip(a.features, a.contradicted)]
    if not marked:
        return {"bias": -1.0, "contradicted": 1.0, "against": 0.0}, 0.5
    x, y = np.array([f[2:4] for f, _ in marked]), np.array([c for _, c in marked])
    bias, (contradicted, against) = logistic(x, y)
    p = sigmoid(bias + x @ np.array([contradicted, against]))
    # Nobody likes to be told that they are wrong where they are not.
    order = np.sort(p)[::-1]
    good = [t for t in order[20::5] if (y[p >= t]).mean() >= 0.8]
    return {"bias": bias, "contradicted": contradicted, "against": against}, float(min(good, default=0.5))


WHOLE = ("expected", "covered", "best", "contradicted", "falsehood", "whole", "length")


def whole_features(a, c):
    w = np.array(a.weights, dtype=float) / sum(a.weights)
    p = probability(c["point"], a.features)
    covered = np.where(p >= c["covered_from"], 1.0, np.where(p >= c["partial_from"], 0.5, 0.0))
    of = c["contradiction"]
    denied = sigmoid(of["bias"] + np.array(a.features)[:, 2] * of["contradicted"] + np.array(a.features)[:, 3] * of["against"])
    denied = (denied >= c["contradicted_from"]) & (covered == 0)
    words = np.array([len(a.text[s:e].split()) for s, e in a.seen["spans"]], dtype=float)
    falsehood = float((sigmoid(np.array(a.seen["false"])) * words).sum() / max(1, words.sum()))
    sizes = np.array(a.seen["sizes"], dtype=float)
    whole = float(sigmoid((np.array(a.seen["whole"]) * sizes).sum() / max(1, sizes.sum())))
    return [float(w @ p), float(w @ covered), float(p.max()), float(w @ denied), falsehood, whole, min(1.0, len(a.text.split()) / 40)]


def fit_whole(answers, c):
    x, y = np.array([whole_features(a, c) for a in answers]), np.array([a.overall for a in answers])
    fit = Ridge(alpha=1.0).fit(x, y)
    return {"bias": float(fit.intercept_), **{k: float(v) for k, v in zip(WHOLE, fit.coef_)}}


def marks(answers, c):
    x = np.array([whole_features(a, c) for a in answers])
    return np.clip(c["overall"]["bias"] + x @ np.array([c["overall"][k] for k in WHOLE]), 0, 1)


def fit_all(answers):
    c = {"point": fit_points(answers)}
    p = np.concatenate([probability(c["point"], a.features) for a in answers])
    truth = np.array([m for a in answers for m in a.marks])
    c["partial_from"], c["f1"] = best_threshold(p, truth >= 0.5)
    c["covered_from"] = max(best_threshold(p, truth >= 1.0)[0], c["partial_from"])
    c["contradiction"], c["contradicted_from"] = fit_contradiction(answers)
    c["overall"] = fit_whole(answers, c)
    return c


def halves(answers):
    names = sorted({a.name for a in answers})
    one = set(names[::2])
    return [a for a in answers if a.name in one], [a for a in answers if a.name not in one]


def residuals(answers, others=()):
    """Marks of each half by what was fitted on the other, and on others, and how far readers are from them."""
    a, b = halves(answers)
    out = []
    for fitted, marked in ((a, b), (b, a)):
        m = marks(marked, fit_all([*(fitted[::4] if others else fitted), *others]))
        out += [(x, y.overall - x, y) for x, y in zip(m, marked)]
    return out


def tell(title, pairs):
    m, y = np.array([p[0] for p in pairs]), np.array([p[0] + p[1] for p in pairs])
    print(title, {k: round(float(v), 3) for k, v in figures(m, y, [p[2].name for p in pairs]).items()})


def spread(a, c):
    """How unsure the points are together: the deviation of their weighted sum, and a little that is always there."""
    w = np.array(a.weights, dtype=float) / sum(a.weights)
    p = probability(c["point"], a.features)
    return LEAST_SPREAD + float(np.sqrt((w * w * p * (1 - p)).sum()))


def ranges(pairs, c):
    """For each fifth of the marks what nine of ten residuals lie between, in spreads, with the correction for a finite sample."""
    pairs = sorted(((m, r / spread(a, c)) for m, r, a in pairs), key=lambda p: p[0])
    out, n = [], len(pairs)
    for k in range(FIFTHS):
        part = pairs[k * n // FIFTHS:(k + 1) * n // FIFTHS]
        r = np.sort([p[1] for p in part])
        m = len(r)
        low, high = r[max(0, math.floor(0.05 * (m + 1)) - 1)], r[min(m - 1, math.ceil(0.95 * (m + 1)) - 1)]
        out.append({"until": float(part[-1][0]) if k < FIFTHS - 1 else 1.0, "below": float(max(0, -low)), "above": float(max(0, high)), "n": m})
    return out


def figures(m, y, names):
    """r, RMSE and the share of pairs of answers to one question in the right order."""
    right = total = 0
    for name in set(names):
        at = [i for i, n in enumerate(names) if n == name]
        for i in at:
            for j in at:
                if y[i] - y[j] >= 0.15:
                    total += 1
                    right += m[i] > m[j]
    middle = (y >= 0.15) & (y <= 0.85)
    return {"n": len(y), "r": np.corrcoef(m, y)[0, 1], "rmse": float(np.sqrt(np.mean((m - y) ** 2))), "pairs": right / max(1, total), "middle r": np.corrcoef(m[middle], y[middle])[0, 1]}


def report_ranges(pairs, c):
    """Half-width and share of readers' marks within, over all and by fifth."""
    inside, widths = [[] for _ in range(FIFTHS)], []
    for m, r, a in pairs:
        k = next(i for i, at in enumerate(c["ranges"]) if m <= at["until"])
        u = spread(a, c)
        low, high = max(0.0, m - c["ranges"][k]["below"] * u), min(1.0, m + c["ranges"][k]["above"] * u)
        inside[k].append(low - 1e-9 <= m + r <= high + 1e-9)
        widths.append((high - low) / 2)
    print("half-width of the range, 0 to 10:", round(10 * float(np.mean(widths)), 2), "holds by fifth:", [round(float(np.mean(x)), 3) for x in inside])


def load(path):
    model = reader.Reader()
    model.load_state_dict(reader.load(path))
    return model


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--base", required=True)
    a.add_argument("--weights", required=True)
    a.add_argument("--held", required=True)
    a.add_argument("--on", nargs="+", required=True)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--write", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    tokens = reader.Tokens(Path(a.base) / "tokenizer.json")
    names = [n for n in sorted(examples.bank()) if any(n == t or n.startswith(t + "-") for t in a.on)]
    own = natural(None, load(a.weights), tokens)
    model = load(a.held)
    held = written(names, model, tokens)
    print(len(own), "natural answers,", len(held), "written ones to questions that were left out")
    tell("natural answers, fitted on the other half of the questions:", residuals(own))
    pairs = residuals(held, own)
    tell("questions left out:", pairs)
    tell("natural answers to questions left out:", residuals(natural(names, model, tokens)))
    c = fit_all([*own, *held[::4]])
    c["ranges"] = ranges(pairs, c)
    report_ranges(pairs, c)
    print(json.dumps(c, indent=1))
    if a.write:
        known = json.loads(MARKING.read_text()) if MARKING.exists() else {}
        kept = {k: known[k] for k in ("mistake_from", "off_topic", "review_from") if k in known}
        c.pop("f1")
        MARKING.write_text(json.dumps({**c, **kept}, indent=1) + "\n")


if __name__ == "__main__":
    main()
