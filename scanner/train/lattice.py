"""Decoding by pitch, as scanner/src/ocr/decode.rs does it: 18 places in a row whose spacing changes but slowly."""
import numpy as np

DIGITS, NONE = 18, 10
WIDTH, OUTPUTS = 448, 112
# Nothing seen at one place costs no more than this, so that a covered digit does not bend the whole row.
FLOOR = -5.0
# Pixels from a digit to the next.
PITCHES = np.arange(15, 27)
# What a change of the spacing by −2 to 2 pixels costs.
CHANGES = {-2: 0.7, -1: 0.05, 0: 0.0, 1: 0.05, 2: 0.7}
# How far a digit may stand from where it nominally does: in the middle of the row, and more for each digit away.
ASTRAY, ASTRAY_EACH = 26.0, 3.4
# A column of the network stands for the pixel at 4 j + 0.5; a place reads its neighbours within this.
REACH = 5.0
AT = np.arange(OUTPUTS) * 4 + 0.5
LOST = -1e9


def softmax(odds):
    e = np.exp(odds - odds.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def settled(logs):
    window = np.ones(7)
    share = np.convolve(np.ones(WIDTH), window, "same")
    return np.apply_along_axis(lambda row: np.convolve(row, window, "same"), 1, logs) / share


def chances(odds):
    """Logarithms, for each pixel, of the chance of a digit's middle and of none."""
    none = softmax(odds)[..., NONE]
    columns = np.arange(WIDTH) / 4.0
    low = columns.astype(int)
    part = columns - low
    none = none[:, low] * (1 - part) + none[:, np.minimum(low + 1, OUTPUTS - 1)] * part
    return [settled(np.maximum(np.log(p + 1e-7), FLOOR)) for p in (1 - none, none)]


def moved(values, by, fill):
    """values[x - by], with `fill` where that lies outside."""
    out = np.full_like(values, fill)
    if by >= 0:
        out[..., by:] = values[..., :WIDTH - by]
    else:
        out[..., :by] = values[..., -by:]
    return out


def rows(odds):
    """For n × 112 × 11 log-odds the pixels of the 18 places of the best rows, and the spacing at either end."""
    digit, none = chances(odds)
    n = len(digit)
    x = np.arange(WIDTH)
    edge = none[:, :1], none[:, -1:]

    def blank(by):
        out = moved(none, by, np.nan)
        return np.where(np.isnan(out), edge[0] if by > 0 else edge[1], out)

    def window(k):
        return np.abs(x - 223.5 - 20 * (k - 8.5)) <= ASTRAY + ASTRAY_EACH * abs(k - 8.5)

    best = np.stack([digit + blank(q // 2) + blank(q) for q in PITCHES], 1)
    best[:, :, ~window(0)] = LOST
    ways = []
    for k in range(1, DIGITS):
        following, way = np.full_like(best, LOST), np.zeros(best.shape, np.int8)
        for i, q in enumerate(PITCHES):
            for change, cost in CHANGES.items():
                if 0 <= i - change < len(PITCHES):
                    came = moved(best[:, i - change], int(q), LOST) - cost
                    better = came > following[:, i]
                    following[:, i][better] = came[better]
                    way[:, i][better] = change
            following[:, i] += digit + blank(int(q) // 2)
        following[:, :, ~window(k)] = LOST
        ways.append(way)
        best = following
    best = best + np.stack([blank(-(int(q) // 2)) + blank(-int(q)) for q in PITCHES], 1)
    flat = best.reshape(n, -1).argmax(1)
    i, at = flat // WIDTH, flat % WIDTH
    every = np.arange(n)
    last = PITCHES[i]
    places = [at]
    for way in reversed(ways):
        step = PITCHES[i]
        i, at = i - way[every, i, at], at - step
        places.append(at)
    return np.stack(places[::-1], 1), PITCHES[i], last


def read(logs, x):
    """Probabilities of the 11 classes at place x: neighbouring columns' logs, weighted by nearness."""
    weight = np.maximum(0, 1 - np.abs(AT - x) / REACH)
    return softmax((weight[:, None] * logs).sum(0) / weight.sum())


def decode(odds):
    """For each of n × 112 × 11 log-odds: digits, the probability of each, their pixels; None where 18 digits do not
    stand alone."""
    lines = []
    for one, places, first, last in zip(odds, *rows(odds)):
        logs = np.maximum(np.log(softmax(one) + 1e-30), -20)
        outside = ((AT >= places[0] + 0.5 - 1.35 * first) & (AT <= places[0] + 0.5 - 0.65 * first)
                   | (AT >= places[-1] + 0.5 + 0.65 * last) & (AT <= places[-1] + 0.5 + 1.35 * last))
        p = np.array([read(logs, x + 0.5) for x in places])
        ends = places[0] + 0.5 < first or places[-1] + 0.5 + last > WIDTH
        if ends or (logs[outside, NONE] < np.log(0.5)).any() or (p[:, NONE] < 0.5).sum() < 12:
            lines.append(None)
            continue
        digits = p[:, :NONE].argmax(1)
        lines.append((digits, p[np.arange(DIGITS), digits], places))
    return lines
