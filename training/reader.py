"""The judge of the built-in grader: one small encoder reads a question, all points of its rubric and an answer at once, and says for each point and
each sentence whether the sentence makes the point or contradicts it, and for each sentence whether it is false.

A point attends to the answer and never to another point, so that its mark does not depend on the rubric's order. Needs torch and
tokenizers.
"""
import math
import re

import torch
from torch import nn
from torch.nn import functional as F

CLS, SEP, MASK, POINT, SENTENCE = 101, 102, 103, 2, 3  # ids of the base's vocabulary; the last two are [unused1] and [unused2]
QUESTION_TOKENS, POINT_TOKENS, ANSWER_TOKENS = 30, 46, 300  # at most, without markers
POINT_AT, ANSWER_AT = 32, 80  # first position of every point, and of the answer
LAYERS, WIDTH, HEADS = 6, 384, 12
LONG_SENTENCE = 40  # words; a longer one is cut at the comma nearest its middle

END = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=[。！？])")


def sentences(text):
    """(start, end) of each sentence, in characters. A list item is a sentence; a sentence of over forty words is cut at commas."""
    found, at = [], 0
    for m in list(END.finditer(text)) + [None]:
        end = m.start() if m else len(text)
        found += cut(text, at, end)
        at = m.end() if m else end
    return found


def cut(text, start, end):
    while start < end and (text[start].isspace() or text[start] in "-*•"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return []
    if len(text[start:end].split()) > LONG_SENTENCE:
        commas = [i for i in range(start + 1, end - 1) if text[i] == "," and text[i + 1].isspace()]
        if commas:
            middle = min(commas, key=lambda i: abs(2 * i - start - end))
            return cut(text, start, middle + 1) + cut(text, middle + 1, end)
    return [(start, end)]


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        h = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.out(h.transpose(1, 2).reshape(b, n, WIDTH)))
        return self.norm2(x + self.down(F.silu(self.up(x))))


class Reader(nn.Module):
    """Outputs, as logits: points (made, contradicted), pairs (sentence makes, contradicts), sentences (false), whole (overall, about the question)."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.roles = nn.Embedding(5, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.point_head = nn.Linear(2 * WIDTH, 2)
        self.pair_point = nn.Linear(2 * WIDTH, 192)
        self.pair_sentence = nn.Linear(WIDTH, 192)
        self.pair_head = nn.Linear(2 * 192, 2)
        self.sentence_head = nn.Linear(WIDTH, 1)
        self.whole_head = nn.Linear(WIDTH, 2)

    def forward(self, b):
        x = self.norm(self.words(b["ids"]) + self.positions(b["places"]) + self.roles(b["roles"]))
        for layer in self.layers:
            x = layer(x, b["mask"])
        # Means over the tokens of each point and each sentence, computed as products with weights that sum to one.
        p = torch.cat([b["point_mean"] @ x, b["point_mark"] @ x], -1)
        s = b["sentence_mean"] @ x
        a, c = self.pair_point(p).unsqueeze(2), self.pair_sentence(s).unsqueeze(1)
        pair = self.pair_head(torch.cat([F.silu(a + c), a * c], -1))
        return {"points": self.point_head(p), "pairs": pair, "sentences": self.sentence_head(s).squeeze(-1), "whole": self.whole_head(x[:, 0])}


def from_base(path):
    """A reader that starts from the weights of all-MiniLM-L6-v2."""
    from safetensors.torch import load_file

    base = load_file(path)
    base = {k.removeprefix("bert."): v for k, v in base.items()}
    out = Reader()
    with torch.no_grad():
        out.words.weight.copy_(base["embeddings.word_embeddings.weight"])
        out.positions.weight.copy_(base["embeddings.position_embeddings.weight"])
        out.roles.weight.copy_(base["embeddings.token_type_embeddings.weight"][[0, 0, 0, 1, 1]])
        out.roles.weight.add_(torch.randn(5, WIDTH) * 0.02)
        copy(out.norm, base, "embeddings.LayerNorm")
        for i, layer in enumerate(out.layers):
            at = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                getattr(layer.qkv, part).copy_(torch.cat([base[f"{at}attention.self.{n}.{part}"] for n in ("query", "key", "value")]))
            copy(layer.out, base, at + "attention.output.dense")
            copy(layer.norm1, base, at + "attention.output.LayerNorm")
            copy(layer.up, base, at + "intermediate.dense")
            copy(layer.down, base, at + "output.dense")
            # The base's activation is GELU, which is nearly x * sigmoid(1.702 x), that is silu(1.702 x) / 1.702: cheaper, and without erf.
            layer.up.weight.mul_(1.702)
            layer.up.bias.mul_(1.702)
            layer.down.weight.div_(1.702)
            copy(layer.norm2, base, at + "output.LayerNorm")
    return out


def load(path):
    """A reader's weights: from a training file, or from an 8-bit file that export.py wrote."""
    if not str(path).endswith(".safetensors"):
        state = torch.load(path, weights_only=False)
        return state.get("model", state)
    from safetensors.torch import load_file

    out = {}
    for name, value in load_file(str(path)).items():
        if name.endswith(".q"):
            continue
        owner = name.removesuffix(".scale")
        out[owner + ".weight" if name.endswith(".scale") or name in ("positions", "roles") else name] = value
    for name, value in load_file(str(path)).items():
        if name.endswith(".q"):
            key = name.removesuffix(".q") + ".weight"
            out[key] = value.float() * out[key].unsqueeze(1)
    return out


def copy(module, base, name):
    module.weight.copy_(base[name + ".weight"])
    module.bias.copy_(base[name + ".bias"])


class Tokens:
    """Texts as ids of the base's vocabulary; each text is tokenised only once."""

    def __init__(self, path):
        from tokenizers import Tokenizer

        self.tokenizer, self.known = Tokenizer.from_file(str(path)), {}
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def __call__(self, text):
        if text not in self.known:
            self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self.known[text]


def lay_out(question, points, said):
    """One input: ids, places, roles, and for each token the block it belongs to (-1 all, 0.. points, -2 the answer). All arguments are lists of ids."""
    ids, places, roles, blocks = [CLS] + question[:QUESTION_TOKENS] + [SEP], [], [], []
    places, roles, blocks = list(range(len(ids))), [0] * len(ids), [-1] * len(ids)
    point_spans, said_spans = [], []
    for i, p in enumerate(points):
        p = [POINT] + p[:POINT_TOKENS]
        point_spans.append((len(ids), len(ids) + len(p)))
        ids += p
        places += range(POINT_AT, POINT_AT + len(p))
        roles += [1] + [2] * (len(p) - 1)
        blocks += [i] * len(p)
    at = ANSWER_AT
    for s in said:
        s = [SENTENCE] + s
        said_spans.append((len(ids), len(ids) + len(s)))
        ids += s
        places += range(at, at + len(s))
        roles += [3] + [4] * (len(s) - 1)
        blocks += [-2] * len(s)
        at += len(s)
    return {"ids": ids, "places": places, "roles": roles, "blocks": blocks, "points": point_spans, "said": said_spans}


def batch(laid):
    """Inputs of different lengths as one batch."""
    n, b = max(len(x["ids"]) for x in laid), len(laid)
    np, ns = max(len(x["points"]) for x in laid), max(len(x["said"]) for x in laid)
    out = {k: torch.zeros(b, n, dtype=torch.long) for k in ("ids", "places", "roles")}
    blocks = torch.full((b, n), -9)
    out["point_mean"], out["point_mark"], out["sentence_mean"] = torch.zeros(b, np, n), torch.zeros(b, np, n), torch.zeros(b, ns, n)
    for r, x in enumerate(laid):
        m = len(x["ids"])
        for k in ("ids", "places", "roles"):
            out[k][r, :m] = torch.tensor(x[k])
        blocks[r, :m] = torch.tensor(x["blocks"])
        for i, (s, e) in enumerate(x["points"]):
            out["point_mean"][r, i, s:e] = 1 / (e - s)
            out["point_mark"][r, i, s] = 1
        for j, (s, e) in enumerate(x["said"]):
            out["sentence_mean"][r, j, s:e] = 1 / (e - s)
    q, k = blocks.unsqueeze(2), blocks.unsqueeze(1)
    # Padding attends to everything, so that no row is empty; its output is not used.
    out["mask"] = (((q < 0) | (k < 0) | (q == k)) & (k != -9) | (q == -9)).unsqueeze(1)
    return out
