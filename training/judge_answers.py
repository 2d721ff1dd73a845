"""The judge's output for answers: numbers by point and sentence, for fitting, calibration and measuring."""
import torch

import reader
import train

LEAST_TOLD = 0.05  # the weight of a part of an answer in the mark of the whole if it says nothing on any point


def laid_out(question, points, text, tokens):
    """The answer in pieces of at most ANSWER_TOKENS, each with all points; the last sentence of a piece begins the next one."""
    spans = reader.sentences(text) or [(0, len(text))]
    ids = [tokens(text[s:e])[: reader.ANSWER_TOKENS - 1] for s, e in spans]
    pieces, at = [], 0
    while at < len(ids):
        end, size = at, 0
        while end < len(ids) and (end == at or size + len(ids[end]) + 1 <= reader.ANSWER_TOKENS):
            size += len(ids[end]) + 1
            end += 1
        pieces.append((at, end))
        if end == len(ids):
            break
        at = max(at + 1, end - 1)
    return spans, [(s, reader.lay_out(tokens(question), [tokens(p) for p in points], ids[s:e])) for s, e in pieces]


@torch.no_grad()
def judged(model, tokens, items, step_tokens=6000):
    """items: (question, points, text). For each: spans, made and contradicted by point (logits), pairs made and denied, false, whole."""
    model.eval()
    jobs, out = [], []
    for n, (question, points, text) in enumerate(items):
        spans, pieces = laid_out(question, points, text, tokens)
        k, m = len(points), len(spans)
        low = -12.0
        out.append({"spans": spans, "made": [low] * k, "contradicted": [low] * k, "pairs": [[low] * m for _ in range(k)], "denied": [[low] * m for _ in range(k)], "false": [low] * m, "whole": [], "about": [], "sizes": [], "tells": []})
        jobs += [(n, at, x) for at, x in pieces]
    jobs.sort(key=lambda j: len(j[2]["ids"]))
    at = 0
    while at < len(jobs):
        group = [jobs[at]]
        while at + len(group) < len(jobs) and (len(group) + 1) * len(jobs[at + len(group)][2]["ids"]) <= step_tokens:
            group.append(jobs[at + len(group)])
        at += len(group)
        y = model(reader.batch([x for _, _, x in group]))
        for b, (n, first, x) in enumerate(group):
            o = out[n]
            for i in range(len(x["points"])):
                o["made"][i] = max(o["made"][i], y["points"][b, i, 0].item())
                o["contradicted"][i] = max(o["contradicted"][i], y["points"][b, i, 1].item())
                for j in range(len(x["said"])):
                    o["pairs"][i][first + j] = max(o["pairs"][i][first + j], y["pairs"][b, i, j, 0].item())
                    o["denied"][i][first + j] = max(o["denied"][i][first + j], y["pairs"][b, i, j, 1].item())
            for j in range(len(x["said"])):
                o["false"][first + j] = max(o["false"][first + j], y["sentences"][b, j].item())
            o["whole"].append(y["whole"][b, 0].item())
            o["about"].append(y["whole"][b, 1].item())
            o["sizes"].append(len(x["said"]))
            # How many points this part of the answer addresses: parts that address more weigh more in the mark of the whole.
            o["tells"].append(LEAST_TOLD + y["points"][b, : len(x["points"])].amax(-1).sigmoid().sum().item())
    return out
