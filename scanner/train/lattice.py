"""Decoding by pitch, as scanner/src/ocr/decode.rs does it: 18 places in a row, evenly spaced but for a slight bend."""
import numpy as np

DIGITS, NONE = 18, 10
# Nothing seen at one place costs no more than this, so that a covered digit does not bend the whole row.
FLOOR = -5.0
WIDTH = 448
K = np.arange(DIGITS) - 8.5
OUTER = np.array([-1, DIGITS]) - 8.5
GAPS = np.arange(DIGITS + 1) - 9.0
PITCHES = np.arange(16.75, 23.26, 0.25)
MIDDLES = np.arange(198, 251, 2.0)
BENDS = np.array([-0.08, 0.0, 0.08])
# A column of the network stands for the pixel at 4 j + 0.5; a place reads its neighbours within this.
REACH = 5.0


def places(middle, pitch, bend, k):
    return middle + pitch * k + bend * (k * k - 26.9)


def _table(middles, pitches, bends):
    m, p, b = (a.ravel() for a in np.meshgrid(middles, pitches, bends, indexing="ij"))
    at = lambda k: places(m[:, None], p[:, None], b[:, None], k)
    pixel = lambda x: np.clip(np.round(x - 0.5).astype(int), 0, WIDTH - 1)
    return np.column_stack([m, p, b]), pixel(at(K)), pixel(np.column_stack([at(GAPS), at(OUTER)]))


COARSE = _table(MIDDLES, PITCHES, BENDS)


def settled(logs):
    return np.convolve(logs, np.ones(7), "same") / np.convolve(np.ones(WIDTH), np.ones(7), "same")


def softmax(odds):
    e = np.exp(odds - odds.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def fit(odds):
    """The best row for 112 × 11 log-odds: middle, pitch, bend, score a place."""
    none = softmax(odds)[:, NONE]
    at = np.arange(WIDTH)
    columns = at / 4.0
    low = np.minimum(columns.astype(int), 111)
    part = columns - low
    none = none[low] * (1 - part) + none[np.minimum(low + 1, 111)] * part
    digit, blank = (settled(np.maximum(np.log(p + 1e-7), FLOOR)) for p in (1 - none, none))

    def best(table):
        which, ink, gap = table
        score = digit[ink].sum(1) + blank[gap].sum(1) - 0.5 * (which[:, 2] / 0.08) ** 2
        top = int(score.argmax())
        return which[top], float(score[top])

    found, score = best(COARSE)
    for middle, pitch, bend in ((1.0, 0.12, 0.04), (0.5, 0.06, 0.02), (0.5, 0.03, 0.01)):
        around = lambda centre, by: centre + by * np.array([-1, 0, 1])
        found, score = best(_table(around(found[0], middle), around(found[1], pitch), around(found[2], bend)))
    return found, score / (2 * DIGITS + 3)


def read(logs, x):
    """Probabilities of the 11 classes at place x: neighbouring columns' logs, weighted by nearness."""
    at = np.arange(112) * 4 + 0.5
    weight = np.maximum(0, 1 - np.abs(at - x) / REACH)
    if weight.sum() == 0:
        return None
    return softmax((weight[:, None] * logs).sum(0) / weight.sum())


def decode(odds, heat=1.0):
    """Digits, the probability of each, and the row; None where 18 digits do not stand alone."""
    (middle, pitch, bend), score = fit(odds)
    logs = np.log(softmax(odds / heat) + 1e-9)
    probabilities = [read(logs, x) for x in places(middle, pitch, bend, K)]
    at = np.arange(112) * 4 + 0.5
    for near, far in ((-9.15, -9.85), (9.15, 9.85)):
        low, high = sorted((places(middle, pitch, bend, near), places(middle, pitch, bend, far)))
        if (logs[(at >= low) & (at <= high), NONE] < np.log(0.5)).any():
            return None
    if any(p is None for p in probabilities):
        return None
    p = np.array(probabilities)
    digits = p[:, :NONE].argmax(1)
    return digits, p[np.arange(DIGITS), digits], (middle, pitch, bend), score
