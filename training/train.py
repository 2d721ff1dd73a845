"""Trains the judge on the written examples. Fixed seeds; an interrupted run continues from its last checkpoint.

    python3 training/train.py --base FOLDER --out FOLDER [--from WEIGHTS.pt] [--without NAME...] [--new NAME...] [--tokens N] [--threads N]

`--base` is the folder with the base model's model.safetensors and tokenizer.json. `--without` leaves out questions or whole topics; `--new` draws them two and
a half times as often as the others, to learn a grown bank from the last weights. `--tokens` is the length of the run: each step reads about three thousand.
"""
import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as F

import examples
import noise
import reader

STEP_TOKENS = 3200
PEAK, HEAD_PEAK, WARM, COOL = 1.5e-4, 6e-4, 120, 0.3  # learning rates; warm-up steps; share of the run for cooling down
PIECES = {"answers": 0.32, "natural": 0.26, "statements": 0.14, "strangers": 0.10, "noise": 0.10, "facts": 0.08}
PADDED, REPEATED = 0.15, 0.03  # shares of whole answers that get sentences without content, or are repeated


class Row:
    """One answer with its labels; an unknown label has weight 0."""

    def __init__(self, question, points, said):
        self.question, self.points, self.said = question, points, said
        n, m = len(points), len(said)
        self.mark, self.mark_weight = [0.0] * n, [1.0] * n
        self.made, self.made_weight = [[0.0] * m for _ in range(n)], [[1.0] * m for _ in range(n)]
        self.denied, self.denied_weight = [[0.0] * m for _ in range(n)], [[1.0] * m for _ in range(n)]
        self.somewhere = [False] * n  # the point is made, but it is unknown where
        self.contradicted, self.contradicted_weight = [0.0] * n, [1.0] * n
        self.false, self.false_weight = [0.0] * m, [1.0] * m
        self.overall, self.overall_weight = 0.0, 0.0
        self.about, self.about_weight = 1.0, 1.0
        self.claimed = [None] * m  # the mistake that a sentence makes


def of_answer(question, points, answer):
    text = answer.text
    spans = reader.sentences(text)
    row = Row(question, points, [text[s:e] for s, e in spans])
    row.mark = answer.points(len(points))
    row.overall, row.overall_weight = answer.overall, 1.0
    touched = lambda j, s, e: min(e, spans[j][1]) - max(s, spans[j][0]) > 0.35 * min(e - s, spans[j][1] - spans[j][0])
    for s, e, marks in answer.spans:
        for j in range(len(spans)):
            if not touched(j, s, e):
                continue
            for kind, i in marks:
                if kind == "!":
                    row.false[j] = 1.0
                    if i:
                        row.denied[i - 1][j] = row.contradicted[i - 1] = 1.0
                        row.made[i - 1][j] = 0.0
                elif i and not row.denied[i - 1][j]:
                    row.made[i - 1][j] = max(row.made[i - 1][j], 0.4 if kind == "~" else 1.0)
    if answer.given is not None:
        wrong = any(row.false)
        for i, mark in enumerate(row.mark):
            row.somewhere[i] = mark == 1.0
            row.made_weight[i] = [1.0 if row.made[i][j] or not mark else 0.0 for j in range(len(spans))]
            row.denied_weight[i] = [0.0 if row.false[j] else 1.0 for j in range(len(spans))]
            row.contradicted_weight[i] = 0.0 if wrong and mark < 1 else 1.0
    return row


def of_statements(question, points, chosen, rng):
    """`chosen`: (text, kind, point from 0 or None)."""
    texts, owner = [], []
    for c, (text, _, _) in enumerate(chosen):
        parts = [text[s:e] for s, e in reader.sentences(text)]
        texts += parts
        owner += [c] * len(parts)
    row = Row(question, points, texts)
    last = {c: j for j, c in enumerate(owner)}
    for j, c in enumerate(owner):
        _, kind, i = chosen[c]
        if kind in ("contradicts", "false", "claimed"):
            row.false[j] = 1.0
        if kind == "claimed":
            row.claimed[j] = i
            continue
        if i is None or i >= len(points):
            continue
        if kind == "made":
            row.made[i][j], row.mark[i] = 1.0, max(row.mark[i], 1.0)
        elif kind == "partly":
            row.made[i][j], row.mark[i] = 0.4, max(row.mark[i], 0.4)
        elif kind == "contradicts":
            row.denied[i][j] = row.contradicted[i] = 1.0
    for i in range(len(points)):
        if row.contradicted[i] and row.mark[i]:  # both made and contradicted: no reader marked such answers
            row.mark_weight[i] = 0.0
    return row


def insert(row, j, text):
    """Inserts a sentence that says nothing."""
    row.said.insert(j, text)
    for line in (*row.made, *row.denied):
        line.insert(j, 0.0)
    for line in (*row.made_weight, *row.denied_weight):
        line.insert(j, 1.0)
    row.false.insert(j, 0.0)
    row.false_weight.insert(j, 0.0)
    row.claimed.insert(j, None)


def repeat(row):
    """Repeats the whole answer."""
    row.said = row.said * 2
    for lines in (row.made, row.made_weight, row.denied, row.denied_weight):
        lines[:] = [line * 2 for line in lines]
    row.false, row.false_weight, row.claimed = row.false * 2, row.false_weight * 2, row.claimed * 2


def named(words, rng):
    return sorted({w.strip(",.;:").lower() for w in words if len(w) > 4}, key=lambda _: rng.random())


def documents():
    """Paragraphs of this project's documents, which answer no question of the bank."""
    files = [*sorted((examples.ROOT / "docs").glob("*.md")), *sorted(examples.ROOT.glob("*.md")), examples.ROOT / "LICENSE-APACHE"]
    paragraphs = [" ".join(p.split()) for f in files for p in f.read_text(encoding="utf-8").split("\n\n")]
    return [p for p in paragraphs if 30 <= len(p.split()) <= 250]


def natural_answers(bank):
    """(question, answer) of natural-answers.jsonl, except those to one question in three, which are only for fitting and measuring."""
    out = []
    for row in map(json.loads, open(examples.ROOT / "training" / "natural-answers.jsonl", encoding="utf-8")):
        if examples.is_for_measuring(row["question"]) or row["question"] not in bank:
            continue
        text, spans = row["answer"], []
        ends = reader.sentences(text)
        for point, words in row["by"].items():
            at = text.find(words)
            spans += [(s, e, [("", int(point))]) for s, e in ends if at >= 0 and s <= at < e]
        for words in row["false"]:
            at = text.find(words)
            spans += [(s, e, [("!", 0)]) for s, e in ends if at >= 0 and s < at + len(words) and at < e]
        marks = [sum(p) / len(p) for p in row["points"]]
        out.append((row["question"], examples.Answer(sum(row["overall"]) / len(row["overall"]), "natural", text, spans, marks)))
    return out


class Pool:
    """All examples of the questions, and rows drawn from them."""

    def __init__(self, bank, sets, new, seed, pieces):
        self.rng, self.pieces = random.Random(seed), pieces
        self.bank, self.sets = bank, {k: v for k, v in sets.items() if k in bank and [p["point"] for p in v.points] == [p["point"] for p in bank[k]["key_points"]]}
        for name, found in self.sets.items():
            found.answers = [a for a in found.answers if all(i <= len(found.points) for _, _, ms in a.spans for _, i in ms)]
        self.names = sorted(self.sets)
        self.weights = [2.5 if any(n == w or n.startswith(w + "-") for w in new) else 1.0 for n in self.names]
        self.queue = {}
        facts = [json.loads(line) for line in open(examples.ROOT / "training" / "facts.jsonl", encoding="utf-8")]
        self.facts = [fact for fact in facts if not examples.is_for_measuring(fact["question"])]
        self.prose = documents()
        self.vocabulary = sorted({w.lower() for p in self.prose for w in p.split() if w.isalpha()})
        self.natural = [a for a in natural_answers(bank) if a[0] in self.sets]

    def points(self, name):
        return [p["point"] for p in self.bank[name]["key_points"]]

    def statements(self, name):
        out, q, found = [], self.bank[name], self.sets[name]
        for i, p in enumerate(found.points):
            out += [(t, k, i) for k in ("made", "partly", "contradicts") for t in p[k]]
            out += [(t, "made", i) for t in q["key_points"][i]["phrasings"]] + [(q["key_points"][i]["point"], "made", i)]
        out += [(t, k, None) for k, v in found.beside.items() for t in v] + [(m["claim"], "claimed", k) for k, m in enumerate(q["mistakes"])]
        claims = [m["claim"] for m in q["mistakes"]]
        for m in found.mistakes:
            if m["claim"] in claims:
                out += [(t, "claimed", claims.index(m["claim"])) for t in m["made"]] + [(t, "true", None) for t in m["true"]]
        return out

    def next(self, name, kind):
        """Draws each answer and each statement once before any repeats."""
        line = self.queue.setdefault((name, kind), [])
        if not line:
            line += self.sets[name].answers if kind == "answers" else self.statements(name)
            if kind == "answers":
                q = self.bank[name]
                line.append(examples.Answer(1.0, "plain", q["reference"], [], [1.0] * len(q["key_points"])))
            self.rng.shuffle(line)
        return line.pop()

    def next_natural(self):
        line = self.queue.setdefault("natural", [])
        if not line:
            line += self.natural
            self.rng.shuffle(line)
        return line.pop()

    def draw(self):
        r = self.rng
        name = r.choices(self.names, self.weights)[0]
        kind = r.choices(list(self.pieces), list(self.pieces.values()))[0]
        question, points = self.bank[name]["question"], self.points(name)
        if kind == "answers":
            row = of_answer(question, points, self.next(name, "answers"))
        elif kind == "statements":
            chosen = [self.next(name, "statements") for _ in range(r.choice([1, 2, 4, 5, 6, 7, 8]))]
            row = of_statements(question, points, chosen, r)
        elif kind == "strangers":  # an answer to another question makes no point here
            near = [n for n in self.names if n != name and n.split("-")[0] == name.split("-")[0]]
            other = r.choice(near if near and r.random() < 0.4 else [n for n in self.names if n != name])
            text = r.choice(self.prose) if r.random() < 0.25 else r.choice(self.sets[other].answers).text
            row = Row(question, points, [text[s:e] for s, e in reader.sentences(text)])
            row.false_weight = [0.0] * len(row.said)
            row.overall_weight, row.about = 1.0, 0.0
            if other.split("-")[0] == name.split("-")[0]:
                row.mark_weight, row.about_weight = [0.3] * len(points), 0.3
        elif kind == "natural":
            name, answer = self.next_natural()
            question, points = self.bank[name]["question"], self.points(name)
            row = of_answer(question, points, answer)
        elif kind == "facts":
            return self.shuffled(self.fact())
        else:
            row = self.noise(name, question, points)
        if kind in ("answers", "natural"):
            self.pad(row)
        self.add_claims(row, self.bank[name]["mistakes"])
        return self.shuffled(row)

    def pad(self, row):
        """Adds sentences without content or orders to the grader, or repeats everything; the marks stay."""
        r, p = self.rng, self.rng.random()
        if p < PADDED:
            texts = r.choice([noise.PADDING, noise.PADDING, noise.ORDERS, noise.HEDGES])
            for text in r.sample(texts, r.choice([1, 1, 2, 4])):
                insert(row, 0 if texts is noise.HEDGES else r.randrange(len(row.said) + 1), text)
        elif p < PADDED + REPEATED and len(row.said) < 9:
            repeat(row)

    def add_claims(self, row, mistakes):
        """Adds the rubric's mistakes as points to half of the rows: a true sentence does not make them. For a false one this is unknown, unless it is
        the claim itself."""
        if self.rng.random() < 0.5:
            return
        known = not any(row.false) and all(row.false_weight)
        for k, m in enumerate(mistakes):
            is_it = [float(c == k) for c in row.claimed]
            row.points.append(m["claim"])
            row.mark.append(float(any(is_it)))
            row.mark_weight.append(float(known or any(is_it)))
            row.made.append(is_it)
            row.made_weight.append([float(a or not f) for a, f in zip(is_it, row.false)])
            row.denied.append([0.0] * len(row.said))
            row.denied_weight.append([0.0] * len(row.said))
            row.somewhere.append(False)
            row.contradicted.append(0.0)
            row.contradicted_weight.append(0.0)

    def noise(self, name, question, points):
        r = self.rng
        words = [w for p in points for w in p.rstrip(".").split()]
        r.shuffle(words)
        kind = r.randrange(9)
        if kind == 0:  # the rubric's words without a claim
            said, words = [], words[: r.randrange(12, 60)]
            while words:
                n = r.randrange(4, 14)
                said.append(" ".join(words[:n]) + r.choice([".", ".", "", ","]))
                words = words[n:]
        elif kind == 1:  # names only
            said = [", ".join(named(words, r)[: r.randrange(5, 20)])]
        elif kind == 2:  # names in sentences
            said = noise.glued(named(words, r), r)
        elif kind == 3:  # the question again, or most of it
            asked = question.split()
            for _ in range(r.choice([0, 0, 1, 3])):
                asked[r.randrange(len(asked))] = r.choice(words)
            asked = " ".join(asked)
            said = [asked[s:e] for s, e in reader.sentences(asked)]
        elif kind == 4:
            said = r.sample(noise.DONT_KNOW, r.choice([1, 1, 2])) + r.sample(noise.PADDING, r.choice([0, 0, 1]))
        elif kind == 5:
            said = noise.no_answer(self.vocabulary, r)
        else:
            return self.denials(name, question, points)
        row = Row(question, points, said)
        row.overall_weight, row.about = 1.0, float(kind != 5)
        row.false_weight = [0.0] * len(said)
        return row

    def denials(self, name, question, points):
        """Denials of sentences that make a point, beside unchanged statements. The denial of a wrong sentence contains no mistake."""
        r = self.rng
        if r.random() < 0.3:
            reference = self.bank[name]["reference"]
            said = [noise.denial(reference[s:e], r) for s, e in reader.sentences(reference)]
            row = Row(question, points, said)
            row.false, row.overall_weight = [1.0] * len(said), 1.0
            row.denied_weight = [[0.0] * len(said) for _ in points]
            row.contradicted_weight = [0.0] * len(points)
            return row
        chosen = []
        while len(chosen) < r.choice([1, 2, 4, 6]):
            text, kind, i = self.next(name, "statements")
            if kind == "made" and r.random() < 0.7:
                chosen.append((noise.denial(text, r), "contradicts", i))
            elif kind == "contradicts" and r.random() < 0.5:
                chosen.append((noise.denial(text, r), "true", None))
            else:
                chosen.append((text, kind, i))
        return of_statements(question, points, chosen, r)

    def fact(self):
        """A question about one fact, answered correctly or with another name, number or direction; sometimes beside points of other facts."""
        r = self.rng
        one = lambda: noise.fact(r) if r.random() < 0.4 else r.choice(self.facts)
        fact, others = one(), [one() for _ in range(r.choice([0, 0, 1, 2, 3]))]
        points = [fact["point"]] + [o["point"] for o in others if o is not fact]
        right = r.random() < 0.5
        chosen = [(r.choice(fact["right"] if right else fact["wrong"]), "made" if right else "contradicts", 0)]
        for i, o in enumerate((o for o in others if o is not fact), 1):
            if r.random() < 0.5:
                good = r.random() < 0.5
                chosen.append((r.choice(o["right"] if good else o["wrong"]), "made" if good else "contradicts", i))
        r.shuffle(chosen)
        return of_statements(fact["question"], points, chosen, r)

    def shuffled(self, row):
        """Shuffles the points, and sometimes drops some."""
        r, order = self.rng, list(range(len(row.points)))
        r.shuffle(order)
        if r.random() < 0.35:
            order = order[: r.randrange(1, len(order) + 1)]
            row.overall_weight = 0.0
        for field in ("points", "mark", "mark_weight", "made", "made_weight", "denied", "denied_weight", "somewhere", "contradicted", "contradicted_weight"):
            setattr(row, field, [getattr(row, field)[i] for i in order])
        return row


def encoded(row, tokens, rng=None):
    """Lays the row out as an input; an answer that is too long loses its last sentences."""
    said, size = [], 0
    for s in row.said:
        ids = tokens(s)[: reader.ANSWER_TOKENS]
        if said and size + len(ids) + 1 > reader.ANSWER_TOKENS:
            break
        said.append(ids)
        size += len(ids) + 1
    laid = reader.lay_out(tokens(row.question), [tokens(p) for p in row.points], said)
    if rng and rng.random() < 0.6:  # some words are hidden, so that no single word decides
        laid["ids"] = [reader.MASK if t > 999 and rng.random() < 0.05 else t for t in laid["ids"]]
    return laid


def targets(rows, laid):
    np, ns = max(len(x["points"]) for x in laid), max(len(x["said"]) for x in laid)
    fill = lambda: torch.zeros(len(rows), np, ns)
    t = {k: fill() for k in ("made", "made_weight", "denied", "denied_weight")}
    t |= {k: torch.zeros(len(rows), np) for k in ("mark", "mark_weight", "contradicted", "contradicted_weight", "somewhere")}
    t |= {k: torch.zeros(len(rows), ns) for k in ("false", "false_weight", "there")}
    t["about"], t["about_weight"] = torch.tensor([r.about for r in rows]), torch.tensor([r.about_weight for r in rows])
    t["overall"], t["overall_weight"] = torch.tensor([r.overall for r in rows]), torch.tensor([r.overall_weight for r in rows])
    for b, (r, x) in enumerate(zip(rows, laid)):
        n, m = len(x["points"]), len(x["said"])
        whole = m == len(r.said)
        for k in ("made", "made_weight", "denied", "denied_weight"):
            t[k][b, :n, :m] = torch.tensor([v[:m] for v in getattr(r, k)])
        for k in ("mark", "contradicted"):
            t[k][b, :n] = torch.tensor(getattr(r, k))
        if whole:  # for a cut answer, it is unknown which points the rest makes
            for k in ("mark_weight", "contradicted_weight"):
                t[k][b, :n] = torch.tensor(getattr(r, k))
            t["somewhere"][b, :n] = torch.tensor([float(v) for v in r.somewhere])
        else:
            t["overall_weight"][b] = 0
        t["false"][b, :m], t["false_weight"][b, :m], t["there"][b, :m] = torch.tensor(r.false[:m]), torch.tensor(r.false_weight[:m]), 1
    return t


def loss_of(out, t):
    bce = lambda x, y, w: (F.binary_cross_entropy_with_logits(x, y, reduction="none") * w).sum() / w.sum().clamp(min=1)
    made = out["pairs"][..., 0]
    best = made.masked_fill(t["there"].unsqueeze(1) == 0, -20).logsumexp(-1)
    # Sentences that make a point are rare among pairs, so each counts for more.
    heavy = t["made_weight"] * (1 + 2 * (t["made"] > 0.9))
    return {
        "points": bce(out["points"][..., 0], t["mark"], t["mark_weight"]),
        "contradicted": 0.5 * bce(out["points"][..., 1], t["contradicted"], t["contradicted_weight"]),
        "pairs": bce(made, t["made"], heavy),
        "somewhere": 0.3 * bce(best, torch.ones_like(best), t["somewhere"]),
        "denied": 0.5 * bce(out["pairs"][..., 1], t["denied"], t["denied_weight"] * (1 + 2 * t["denied"])),
        "false": 0.5 * bce(out["sentences"], t["false"], t["false_weight"]),
        "whole": 0.5 * bce(out["whole"][:, 0], t["overall"], t["overall_weight"]),
        "about": 0.3 * bce(out["whole"][:, 1], t["about"], t["about_weight"]),
    }


def rate(step, total):
    cool = int(total * (1 - COOL))
    return min(1, (step + 1) / WARM) * (1 if step < cool else max(0.02, (total - step) / max(1, total - cool)))


def left_out(name, without):
    return any(name == w or name.startswith(w + "-") for w in without)


def batches(pool, tokens, rng):
    """About sixty rows at a time, grouped by length."""
    while True:
        rows = [pool.draw() for _ in range(64)]
        pairs = sorted(((r, encoded(r, tokens, rng)) for r in rows if r.said), key=lambda x: len(x[1]["ids"]))
        groups, group = [], []
        for r, x in pairs:
            if group and (len(group) + 1) * len(x["ids"]) > STEP_TOKENS:
                groups.append(group)
                group = []
            group.append((r, x))
        groups.append(group)
        rng.shuffle(groups)
        yield from groups


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--base", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--from", dest="start")
    a.add_argument("--without", nargs="*", default=[])
    a.add_argument("--new", nargs="*", default=[])
    a.add_argument("--tokens", type=float, default=12e6)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--rate", type=float, default=1.0, help="factor for the learning rates")
    a.add_argument("--natural", type=float, default=PIECES["natural"], help="the share of natural answers; the others keep their proportions")
    a.add_argument("--freeze", type=int, default=0, help="how many layers to leave unchanged, with the embeddings")
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    out, base = Path(a.out), Path(a.base)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(a.seed)
    tokens = reader.Tokens(base / "tokenizer.json")
    model = reader.from_base(base / "model.safetensors")
    if a.start:
        model.load_state_dict(reader.load(a.start))
    model.words.weight.requires_grad_(False)
    for part in (model.positions, model.roles, model.norm, *model.layers[: a.freeze]) if a.freeze else ():
        part.requires_grad_(False)
    heads = [p for n, p in model.named_parameters() if "head" in n or n.startswith("pair")]
    body = [p for n, p in model.named_parameters() if p.requires_grad and not ("head" in n or n.startswith("pair"))]
    optimizer = torch.optim.AdamW([{"params": body, "lr": PEAK * a.rate}, {"params": heads, "lr": (PEAK if a.start else HEAD_PEAK) * a.rate}], weight_decay=0.01)
    total = int(a.tokens / (STEP_TOKENS * 0.9))
    rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: rate(s, total))
    done, kept = 0, out / "checkpoint.pt"
    if kept.exists():
        state = torch.load(kept, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        rates.load_state_dict(state["rates"])
        done = state["done"]
    rest = (1 - a.natural) / (1 - PIECES["natural"])
    pieces = {k: a.natural if k == "natural" else v * rest for k, v in PIECES.items()}
    began, seen, run = time.time(), 0, {}
    pool = None
    while done < total:
        if pool is None or done % 300 == 0:
            sets = {k: v for k, v in examples.all_of().items() if not left_out(k, a.without)}
            pool = Pool(examples.bank(), sets, a.new, a.seed * 1000 + done, pieces)
            source = batches(pool, tokens, random.Random(a.seed * 7919 + done))
            print(f"{len(pool.names)} questions, {sum(len(s.answers) for s in pool.sets.values())} answers", flush=True)
        group = next(source)
        rows, laid = [r for r, _ in group], [x for _, x in group]
        losses = loss_of(model(reader.batch(laid)), targets(rows, laid))
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimizer.step()
        rates.step()
        optimizer.zero_grad()
        done += 1
        seen += sum(len(x["ids"]) for x in laid)
        for k, v in losses.items():
            run[k] = 0.98 * run.get(k, v.item()) + 0.02 * v.item()
        if done % 50 == 0:
            print(f"{done} of {total}: " + " ".join(f"{k} {v:.3f}" for k, v in run.items()) + f", {seen / (time.time() - began):.0f} tokens/s", flush=True)
        if done % 300 == 0 or done == total:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "rates": rates.state_dict(), "done": done}, kept)
    torch.save(model.state_dict(), out / "weights.pt")
    (out / "made.json").write_text(json.dumps({"without": a.without, "new": a.new, "tokens": a.tokens, "seed": a.seed, "from": a.start, "questions": pool.names if pool else []}, indent=1))


if __name__ == "__main__":
    main()
