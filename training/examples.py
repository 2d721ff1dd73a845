"""Reads the written examples beside the question bank (`server/bank-examples/QUESTION.txt`) and says what is wrong with them.

    python3 training/examples.py [--full] [QUESTION...]     # checks the named files, or all; exits 1 on a fault

The format is described in docs/examples.md. Needs Python 3.11 and nothing else.
"""
import re
import sys
import tomllib
import zlib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BANK = ROOT / "server" / "bank"
EXAMPLES = ROOT / "server" / "bank-examples"

KINDS = {"+": "made", "~": "partly", "-": "contradicts", "=": "true", "!": "false", ".": "empty"}
SPAN = re.compile(r"\[\[\s*((?:[~!]?\d+|!)(?:,\s*(?:[~!]?\d+|!))*)\s+(.*?)\]\]", re.S)

# The minimum of a full set: statements for each point, statements about no point, whole answers.
FULL = {"made": 15, "partly": 5, "contradicts": 12, "true": 8, "false": 8, "empty": 4, "answers": 40}


@dataclass
class Answer:
    overall: float
    style: str
    text: str
    spans: list  # (start, end, marks), where marks is a list of ("", "~" or "!", point from 1 or 0)
    given: list = None  # the points' marks, if the head gives them and no span shows where they are made

    def points(self, count):
        """A reader's mark for each point: 1 made, .5 partly, 0 not made. A point that is also contradicted is not made."""
        if self.given is not None:
            return (self.given + [0.0] * count)[:count]
        marks = [0.0] * count
        denied = {i for _, _, ms in self.spans for kind, i in ms if kind == "!" and i}
        for _, _, ms in self.spans:
            for kind, i in ms:
                if i and kind != "!" and i not in denied:
                    marks[i - 1] = max(marks[i - 1], 0.5 if kind == "~" else 1.0)
        return marks


@dataclass
class Examples:
    question: str
    points: list = field(default_factory=list)  # {"point", "made", "partly", "contradicts"}
    beside: dict = field(default_factory=lambda: {"true": [], "false": [], "empty": []})
    mistakes: list = field(default_factory=list)  # {"claim", "made", "true"}
    answers: list = field(default_factory=list)


def bank(folder=BANK):
    """Every question of the bank by its id."""
    return {q["id"]: q for f in sorted(Path(folder).glob("*.toml")) for q in tomllib.load(open(f, "rb")).get("question", [])}


def marks_of(text):
    marks = []
    for part in re.split(r",\s*", text.strip()):
        found = re.fullmatch(r"([~!]?)(\d*)", part)
        if not found or not part or (part == "~"):
            raise ValueError(f"marks [[{text}")
        marks.append((found[1], int(found[2] or 0)))
    return marks


def answer_of(head, body):
    found = re.fullmatch(r"@\s*([01]?\.?\d+)\s+([a-z-]+)((?:\s+[01]?\.?\d+)*)", head.strip())
    if not found:
        raise ValueError(f"an answer begins with '@ OVERALL STYLE [POINTS]', not {head!r}")
    text, spans, at, body = "", [], 0, body.strip()
    for m in SPAN.finditer(body):
        text += body[at:m.start()]
        start = len(text)
        text += m[2]
        spans.append((start, len(text), marks_of(m[1])))
        at = m.end()
    text += body[at:]
    open_mark = re.search(r"\[\[\s*(?:[~!]?\d+|!)[\s,]", text)
    if open_mark:
        raise ValueError(f"a mark is not closed: {text[open_mark.start():][:60]!r}")
    return Answer(float(found[1]), found[2], text, spans, [float(x) for x in found[3].split()] or None)


def read(path):
    """Reads one file; raises a ValueError that names the line."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    out, point, at = None, None, 0
    while at < len(lines) and not lines[at].startswith("@"):
        line = lines[at].strip()
        at += 1
        if not line:
            continue
        if line.startswith("question:"):
            out = Examples(line[9:].strip())
        elif out is None:
            raise ValueError(f"{path}:{at}: the first line is 'question: ID'")
        elif line.startswith("point:"):
            point = {"point": line[6:].strip(), "made": [], "partly": [], "contradicts": []}
            out.points.append(point)
        elif line.startswith("mistake:"):
            point = {"claim": line[8:].strip(), "made": [], "true": []}
            out.mistakes.append(point)
        elif line == "beside:":
            point = None
        elif line[0] in KINDS and line[1:2] == " ":
            kind, text = KINDS[line[0]], line[2:].strip()
            known = out.beside if point is None else point
            if kind not in known:
                raise ValueError(f"{path}:{at}: '{line[0]}' does not belong here")
            known[kind].append(text)
        else:
            raise ValueError(f"{path}:{at}: not a statement: {line[:60]!r}")
    while at < len(lines):
        head, body, first = lines[at], [], at + 1
        at += 1
        while at < len(lines) and not lines[at].startswith("@"):
            body.append(lines[at])
            at += 1
        try:
            out.answers.append(answer_of(head, "\n".join(body)))
        except ValueError as fault:
            raise ValueError(f"{path}:{first}: {fault}") from None
    return out


def faults(found, question, full):
    """Everything wrong with one set, as sentences."""
    out = []
    points = [p["point"] for p in question["key_points"]]
    if [p["point"] for p in found.points] != points:
        out += [f"no examples for the point {p!r}" for p in points if p not in {x["point"] for x in found.points}]
        out += [f"examples for a point that the bank does not have: {p['point']!r}" for p in found.points if p["point"] not in points]
        out = out or ["the points are not in the bank's order"]
    seen = {}
    out += [f"examples for a mistake that the bank does not have: {m['claim']!r}" for m in found.mistakes if m["claim"] not in {x["claim"] for x in question["mistakes"]}]
    for text in [s for p in found.points for k in ("made", "partly", "contradicts") for s in p[k]] + [s for m in found.mistakes for k in ("made", "true") for s in m[k]] + [s for v in found.beside.values() for s in v] + [a.text for a in found.answers]:
        if text.lower() in seen:
            out.append(f"twice: {text[:70]!r}")
        seen[text.lower()] = True
    for n, a in enumerate(found.answers, 1):
        if not 0 <= a.overall <= 1 or len(a.text.split()) < 1:
            out.append(f"answer {n}: overall {a.overall}, {len(a.text)} characters")
        if any(i > len(points) for _, _, ms in a.spans for _, i in ms):
            out.append(f"answer {n} marks a point that does not exist")
    if full:
        for p in found.points:
            out += [f"{len(p[k])} of {FULL[k]} {k}: {p['point'][:50]!r}" for k in ("made", "partly", "contradicts") if len(p[k]) < FULL[k]]
        out += [f"{len(v)} of {FULL[k]} {k} beside the points" for k, v in found.beside.items() if len(v) < FULL[k]]
        if len(found.answers) < FULL["answers"]:
            out.append(f"{len(found.answers)} of {FULL['answers']} answers")
    return out


def is_for_measuring(question):
    """Whether natural answers to this question, or this fact, are only for fitting and measuring: one in three is."""
    return zlib.crc32(question.encode()) % 3 == 0


def all_of(folder=EXAMPLES):
    """Every set of examples by its question. An unreadable file is named and left out."""
    out = {}
    for file in sorted(Path(folder).glob("*.txt")):
        try:
            out[file.stem] = read(file)
        except ValueError as fault:
            print(fault, file=sys.stderr)
    return out


def main(arguments):
    full = "--full" in arguments
    names = [a for a in arguments if not a.startswith("--")] or [f.stem for f in sorted(EXAMPLES.glob("*.txt"))]
    questions, bad = bank(), 0
    for name in names:
        try:
            found = read(EXAMPLES / f"{name}.txt")
            wrong = faults(found, questions[name], full) if name in questions else ["no such question in the bank"]
        except (ValueError, OSError) as fault:
            wrong = [str(fault)]
        bad += bool(wrong)
        for line in wrong:
            print(f"{name}: {line}")
    print(f"{len(names)} sets of examples, {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
