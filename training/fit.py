"""Fits the few numbers that turn the judge's output into scores, on answers that the judge was not trained on, and measures how far marks are from
readers' (split-conformal: the marks of one half of the questions are fitted on the other half).

    python3 training/fit.py --base FOLDER --weights WEIGHTS.pt --held HELD.pt --on TOPIC... [--write]

`--weights` are the final ones, `--held` earlier ones that have not seen the topics `--on`. The probability of a point, and `known` (the other numbers for
rubrics whose points the grader has learnt), are fitted on natural answers, unseen ones to questions in the training, and on facts with their wrong
twins. `other` (the numbers for all other rubrics), and whether a point is contradicted, are fitted on answers to the topics left out.

Prints what it finds; with --write it also writes server/grader/model/marking.json.
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score, roc_auc_score

import examples
import judge_answers
import reader
import words

MARKING = examples.ROOT / "server" / "grader" / "model" / "marking.json"
INTERVIEWS = examples.ROOT / "server" / "grader" / "tests" / "corpora" / "interview-answers.jsonl"
MOST_POINTS_SHOWN = 2
FIFTHS = 5
LEAST_SPREAD = 0.05
FACTS_COUNT = 0.1  # the weight of a fact's point, relative to those of answers
NOTHING = 0.02  # the mark of an answer that shows nothing


POINT = ("made", "by", "contradicted", "against", "point_words", "way_words", "union_words", "news", "near", "near_made", "near_against")


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def point_features(seen):
    """For each point, the likeliest first: made, by (the best sentence that shows fewer than two points so far), contradicted, against."""
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
    all wordings in one sentence, and those that are not in the question in the whole answer. Then how close a sentence comes to one wording: the smaller
    of the shares that each has of the other. If a sentence is almost the point, the few words that differ decide."""
    sentences, whole = [words.words(text[s:e], tokens) for s, e in seen["spans"]], words.words(text, tokens)
    asked, out = words.words(question["question"], tokens), []
    most = lambda of: max((words.shared(of, s) for s in sentences), default=0.0)
    for k in question["key_points"]:
        ways = [words.words(t, tokens) for t in [k["point"], *k["phrasings"]]]
        union = words.words(" ".join([k["point"], *k["phrasings"]]), tokens)
        news = {s: w for s, w in union.items() if s not in asked}
        near = max((min(words.shared(w, s), words.shared(s, w)) for w in ways for s in sentences), default=0.0)
        out.append([most(ways[0]), max(map(most, ways)), most(union), words.shared(news, whole), near])
    return out


def features(question, text, seen, tokens):
    out = []
    for a, b in zip(point_features(seen), word_features(question, text, seen, tokens)):
        out.append([*a, *b, b[-1] * a[0], b[-1] * a[3]])
    return out


class Marked:
    """An answer with the readers' marks and the judge's output."""

    def __init__(self, question, name, weights, marks, contradicted, overall, text, seen, tokens):
        self.name, self.weights, self.marks, self.contradicted, self.overall, self.text, self.seen = name, weights, marks, contradicted, overall, text, seen
        self.features = features(question, text, seen, tokens)


def written(names, model, tokens):
    """The written answers to these questions."""
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
    """The answers of natural-answers.jsonl to these questions."""
    bank, items, known = examples.bank(), [], []
    for row in map(json.loads, open(examples.ROOT / "training" / "natural-answers.jsonl", encoding="utf-8")):
        q = bank.get(row["question"])
        if q is None or len(q["key_points"]) != len(row["points"]) or row["question"] not in names:
            continue
        items.append((q["question"], [p["point"] for p in q["key_points"]], row["answer"]))
        marks = [sum(p) / len(p) for p in row["points"]]
        known.append((q, row["question"], [p["weight"] for p in q["key_points"]], marks, None, sum(row["overall"]) / len(row["overall"]), row["answer"]))
    return [Marked(*k, s, tokens) for k, s in zip(known, judge_answers.judged(model, tokens, items))]


def interviews(model, tokens):
    """The answers of the grader's interview corpus, whose rubrics are not the bank's."""
    items, known = [], []
    for row in map(json.loads, open(INTERVIEWS, encoding="utf-8")):
        points, weights = [p["point"] for p in row["key_points"]], [p["weight"] for p in row["key_points"]]
        for a in row["answers"]:
            items.append((row["question"], points, a["text"]))
            known.append((row, row["id"], weights, [float(made) for made in a["covered"]], None, a["score01"], a["text"]))
    return [Marked(*k, s, tokens) for k, s in zip(known, judge_answers.judged(model, tokens, items))]


def facts(model, tokens):
    """(features, right or not) of short facts and their wrong twins, neither of them in the training."""
    items, known = [], []
    for fact in map(json.loads, open(examples.ROOT / "training" / "facts.jsonl", encoding="utf-8")):
        if examples.is_for_measuring(fact["question"]):
            question = {"question": fact["question"], "key_points": [{"point": fact["point"], "phrasings": []}]}
            for kind in ("right", "wrong"):
                items += [(fact["question"], [fact["point"]], text) for text in fact[kind]]
                known += [(question, text, kind == "right") for text in fact[kind]]
    seen = judge_answers.judged(model, tokens, items)
    return [(features(q, text, s, tokens)[0], right) for (q, text, right), s in zip(known, seen)]


def logistic(x, y, weight=None):
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(x, y, sample_weight=weight)
    return float(fit.intercept_[0]), [float(c) for c in fit.coef_[0]]


def fit_points(answers, told):
    x = np.array([f for a in answers for f in a.features] + [f for f, _ in told])
    y = np.array([m for a in answers for m in a.marks] + [float(right) for _, right in told])
    w = np.concatenate([np.ones(len(y) - len(told)), np.full(len(told), FACTS_COUNT)])
    # A point made in part counts as half a point made and half a point missed.
    x2, y2 = np.concatenate([x, x]), np.concatenate([np.ones(len(y)), np.zeros(len(y))])
    bias, found = logistic(x2, y2, np.concatenate([w * y, w * (1 - y)]))
    return {"bias": bias, **dict(zip(POINT, found))}


def probability(point, features):
    f = np.array(features).reshape(-1, len(POINT))
    return sigmoid(point["bias"] + f @ np.array([point[k] for k in POINT]))


def f1(p, truth, t):
    said = p >= t
    return 2 * (said & truth).sum() / max(1, said.sum() + truth.sum())


def best_threshold(worth):
    """The highest threshold whose worth is within a hundredth of the best: undeserved credit does more harm than missing credit."""
    tried = [round(float(t), 2) for t in np.arange(0.1, 0.9, 0.01)]
    best = max(map(worth, tried))
    return max(t for t in tried if worth(t) >= best - 0.01)


def fit_contradiction(answers):
    marked = [(f, c) for a in answers if a.contradicted for f, c in zip(a.features, a.contradicted)]
    x, y = np.array([f[2:4] for f, _ in marked]), np.array([c for _, c in marked])
    bias, (contradicted, against) = logistic(x, y)
    p = sigmoid(bias + x @ np.array([contradicted, against]))
    # A wrongly reported contradiction annoys people, so at least 80 % of those reported must be right.
    order = np.sort(p)[::-1]
    good = [t for t in order[20::5] if (y[p >= t]).mean() >= 0.8]
    return {"bias": bias, "contradicted": contradicted, "against": against}, float(min(good, default=0.5))


WHOLE = ("expected", "covered", "whole")


def whole_features(a, c):
    """The weighted mean of the points' probabilities, the weighted share of ticked points, and the judge's mark of the whole."""
    w = np.array(a.weights, dtype=float) / sum(a.weights)
    p = probability(c["point"], a.features)
    covered = np.where(p >= c["covered_from"], 1.0, np.where(p >= c["partial_from"], 0.5, 0.0))
    tells = np.array(a.seen["tells"])
    whole = float(sigmoid((np.array(a.seen["whole"]) * tells).sum() / max(1e-9, tells.sum())))
    return [float(w @ p), float(w @ covered), whole]


def fit_whole(answers, c):
    x, y = np.array([whole_features(a, c) for a in answers]), np.array([a.overall for a in answers])
    fit = Ridge(alpha=1.0, fit_intercept=False).fit(x, y - NOTHING)
    return {"bias": NOTHING, **{k: float(v) for k, v in zip(WHOLE, fit.coef_)}}


def marks(answers, c):
    x = np.array([whole_features(a, c) for a in answers])
    return np.clip(c["overall"]["bias"] + x @ np.array([c["overall"][k] for k in WHOLE]), 0, 1)


def fit_mark(answers, point, worth):
    """The thresholds from which a point counts, and the mark as a whole. `worth` gives a threshold's worth for points with at least the given mark."""
    c = {"point": point, "partial_from": best_threshold(worth(0.5))}
    c["covered_from"] = max(best_threshold(worth(1.0)), c["partial_from"])
    c["overall"] = fit_whole(answers, c)
    return c


def halves(answers):
    names = sorted({a.name for a in answers})
    one = set(names[::2])
    return [a for a in answers if a.name in one], [a for a in answers if a.name not in one]


def residuals(answers, fit):
    """The marks of each half by the numbers fitted on the other, and the readers' distance from them."""
    a, b = halves(answers)
    out = []
    for fitted, marked in ((a, b), (b, a)):
        c = fit(fitted)
        out += [(x, y.overall - x, y, c) for x, y in zip(marks(marked, c), marked)]
    return out


def tell(title, pairs):
    m, y = np.array([p[0] for p in pairs]), np.array([p[0] + p[1] for p in pairs])
    found = figures(m, y, [p[2].name for p in pairs])
    p = np.concatenate([probability(c["point"], a.features) for _, _, a, c in pairs])
    ticked = np.concatenate([probability(c["point"], a.features) >= c["partial_from"] for _, _, a, c in pairs])
    truth = np.array([m for _, _, a, _ in pairs for m in a.marks]) >= 0.5
    found |= {"auc": roc_auc_score(truth, p), "f1": f1_score(truth, ticked)}
    weak, good = y <= 0.1, y >= 0.85
    found |= {"weak: mean": m[weak].mean(), "most": m[weak].max(), "excellent: mean": m[good].mean(), "least": m[good].min()}
    print(title, {k: round(float(v), 3) for k, v in found.items()})


def spread(a, c):
    """The uncertainty of all points together: the standard deviation of their weighted sum, plus a minimum."""
    w = np.array(a.weights, dtype=float) / sum(a.weights)
    p = probability(c["point"], a.features)
    return LEAST_SPREAD + float(np.sqrt((w * w * p * (1 - p)).sum()))


def ranges(pairs, c):
    """For each fifth of the marks, the limits of nine in ten residuals, in spreads, with the correction for a finite sample."""
    pairs = sorted(((m, r / spread(a, c)) for m, r, a, _ in pairs), key=lambda p: p[0])
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


def report_ranges(title, pairs, c):
    """Half-width of the range and share of readers' marks inside it, in all and by fifth: fitted on one half of the questions, measured on the other."""
    names = sorted({a.name for _, _, a, _ in pairs})
    one = set(names[::2])
    parts = [[p for p in pairs if (p[2].name in one) == side] for side in (True, False)]
    inside, widths = [[] for _ in range(FIFTHS)], []
    measured = [(fitted, p) for fitted, y in ((ranges(x, c), y) for x, y in (parts, parts[::-1])) for p in y]
    for fitted, (m, r, a, _) in measured:
        k = next(i for i, at in enumerate(fitted) if m <= at["until"])
        u = spread(a, c)
        low, high = max(0.0, m - fitted[k]["below"] * u), min(1.0, m + fitted[k]["above"] * u)
        inside[k].append(low - 1e-9 <= m + r <= high + 1e-9)
        widths.append((high - low) / 2)
    print(title, "half-width of the range, 0 to 10:", round(10 * float(np.mean(widths)), 2), "holds by fifth:", [round(float(np.mean(x)), 3) for x in inside])


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
    final, held = load(a.weights), load(a.held)
    own = natural([n for n in examples.bank() if examples.is_for_measuring(n)], final, tokens)
    left_out = [n for n in sorted(examples.bank()) if any(n == t or n.startswith(t + "-") for t in a.on)]
    unseen = [*natural(left_out, held, tokens), *written(left_out, held, tokens)]
    told, spoken = facts(final, tokens), interviews(final, tokens)
    print(len(own), "natural answers to known questions,", len(unseen), "answers to questions left out,", len(told), "facts,", len(spoken), "interviews")
    c = {**json.loads(MARKING.read_text()), **fitted(own, unseen, told, spoken)}
    print(json.dumps(c, indent=1))
    if a.write:
        MARKING.write_text(json.dumps(c, indent=1) + "\n")


def fitted(own, unseen, told, spoken):
    """The probability of a point, and the other numbers, separately for learnt rubrics and for others."""
    point = fit_points(own, told)
    marked = lambda answers: (np.concatenate([probability(point, a.features) for a in answers]), np.array([m for a in answers for m in a.marks]))
    f1_of = lambda *sets: lambda made_from: lambda t: float(np.mean([f1(p, m >= made_from, t) for p, m in sets]))
    known = of_rubrics("known:", own, lambda answers: fit_mark(answers, point, f1_of(marked(answers))))
    # Written answers avoid the rubric's words, interview answers use them, and a fact is one sentence.
    p, right = probability(point, [f for f, _ in told]), np.array([float(right) for _, right in told])
    other = of_rubrics("other:", unseen, lambda answers: fit_mark(answers, point, f1_of(marked(answers), marked(spoken), (p, right))))
    tell("other, interviews:", [(m, a.overall - m, a, {**other, "point": point}) for m, a in zip(marks(spoken, {**other, "point": point}), spoken)])
    print("facts:", round(float(np.mean((p >= other["partial_from"]) == (right > 0))), 3), "told rightly")
    contradiction, contradicted_from = fit_contradiction(unseen)
    return {"point": point, "known": known, "other": other, "contradiction": contradiction, "contradicted_from": contradicted_from}


def of_rubrics(title, answers, fit):
    """Fits the numbers, and reports how good they are: each half of the questions by the fit on the other."""
    c, found = fit(answers), residuals(answers, fit)
    tell(title, found)
    report_ranges(title, found, c)
    ranged = ranges(found, c)
    return {"partial_from": c["partial_from"], "covered_from": c["covered_from"], "overall": c["overall"], "ranges": ranged}


if __name__ == "__main__":
    main()
