"""Prints the tables of docs/grader.md: how far a program's built-in grader agrees with readers.

    python3 training/evaluate.py VIVA        # for instance target/release/viva

Each set goes through `viva eval`, with the readers' rubrics. docs/grader.md says what was fitted on which set. Needs Python 3.11.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import examples

CORPORA = examples.ROOT / "server" / "grader" / "tests" / "corpora"


def rows(path):
    return map(json.loads, open(path, encoding="utf-8"))


def mean(values):
    return sum(values) / len(values)


def bank_answers():
    """Answers on which nothing was fitted or chosen."""
    rubrics = json.loads((CORPORA / "bank-answers-rubrics.json").read_text(encoding="utf-8"))
    for row in rows(CORPORA / "bank-answers.jsonl"):
        yield {**rubrics[row["question_id"]], "answer": row["answer"], "score01": mean(row["overall"]), "points": list(map(mean, row["points"])), "false": row["false"]}


def natural_answers():
    """Answers on which the numbers in marking.json were fitted; the judge was trained on other answers to these questions."""
    bank = examples.bank()
    for row in rows(examples.ROOT / "training" / "natural-answers.jsonl"):
        q = bank.get(row["question"])
        if q and examples.is_for_measuring(row["question"]) and len(q["key_points"]) == len(row["points"]):
            rubric = {k: q[k] for k in ("question", "reference", "key_points", "mistakes")}
            yield {**rubric, "answer": row["answer"], "score01": mean(row["overall"]), "points": list(map(mean, row["points"])), "false": row["false"]}


def interview_answers():
    """Rubrics that the judge has not seen, with answers that one author wrote and marked."""
    for row in rows(CORPORA / "interview-answers.jsonl"):
        rubric = {k: row[k] for k in ("question", "reference", "key_points", "mistakes")}
        for answer in row["answers"]:
            yield {**rubric, "answer": answer["text"], "score01": answer["score01"], "points": list(map(float, answer["covered"]))}


SETS = {"bank answers": bank_answers, "natural answers": natural_answers, "unknown rubrics": interview_answers}


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, make in SETS.items():
            files.append(Path(folder) / f"{name.replace(' ', '-')}.jsonl")
            files[-1].write_text("".join(json.dumps({**row, "dataset": name}) + "\n" for row in make()), encoding="utf-8")
        subprocess.run([sys.argv[1], "eval", *map(str, files)], check=True)


if __name__ == "__main__":
    main()
