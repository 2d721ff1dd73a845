"""Words by their stems, and how informative each is."""
import re

STEM, STAY = 7, 3
ENDINGS = ("ingly", "edly", "ing", "ers", "ies", "ied", "ed", "es", "ly", "er", "s")
STOP = set(
    "a about again all also am an and another any are as at be because been being between both but by can could d did do does doing done down during each "
    "either etc every few for from further had has have having he her here his how i if in into is it its just ll m may me might more most must my neither of "
    "off on once one only onto or other our out over own re s same shall she should so some such t than that the their them then there these they this those "
    "through to under until up us use used using ve very was we were what when where which while who whom why will with would you your".split()
)


def stem(word):
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STAY:
            return word[: -len(ending)][:STEM]
    return word[:STEM]


def weight(word, tokens):
    """Rare words are more informative: the vocabulary is ordered by how common its words are."""
    ids = tokens(word)
    return 1.0 if len(ids) != 1 else max(0.1, min(1.0, (ids[0] - 1990) / 8000)) ** 0.5


def words(text, tokens):
    out = {}
    for word in re.findall(r"[A-Za-z0-9+#]+", text):
        word = word.lower()
        if word not in STOP:
            out.setdefault(stem(word), weight(word, tokens))
    return out


def shared(of, by):
    return sum(w for k, w in of.items() if k in by) / sum(of.values()) if of else 0.0
