"""Strips with what stands on them, by seed: `python strips.py OUT COUNT SEED [--unseen]` writes a shard.

Each strip is 32 × 448 bytes (0 paper, 255 ink). Each of its 112 columns (one in four pixels) says a digit, 10 for
none, or 255 where nobody should say; `seen` softens a digit that is partly hidden.
"""
import sys

import cv2
import numpy as np

import camera
import faces
import paper

OUTPUTS = 112
NONE, ANY = 10, 255
# Pitches from a digit's middle within which a column says the digit, and beyond which it says none.
SAYS, SILENT = 0.22, 0.38
AT = np.arange(OUTPUTS, dtype=np.float32) * 4 + 0.5


def one(seed, index, pool=faces.TRAINED, face=None, kind=None, hard=None):
    """Strip index of a seed: bytes, columns, seen, the digits' places and values, and the kind."""
    r = np.random.default_rng([seed, index])
    if face is None:
        shares = np.array([faces.FACES[i][2] for i in pool], float)
        face = pool[r.choice(len(pool), p=shares / shares.sum())]
    drawn = r.random()
    if kind is None:
        kind = "line" if drawn < 0.91 else "other" if drawn < 0.96 else "text" if drawn < 0.98 else "turned"
    if hard is None:
        hard = r.random() < 0.5
    page = paper.Page(r, face, kind)
    luma, places, cut, edge = camera.strip(r, page, hard)
    values, seen = page.values, page.seen * (1 - np.clip((cut - 0.07) / 0.18, 0, 1))
    pitch = float(np.median(np.diff(places))) if len(places) > 2 else camera.PITCH
    columns, softness = np.full(OUTPUTS, NONE, np.uint8), np.full(OUTPUTS, 255, np.uint8)
    for place, value, clear in zip(places, values, seen):
        far = np.abs(AT - place) / pitch
        columns[(far >= SAYS) & (far < SILENT)] = ANY
        near = far < SAYS
        columns[near] = value
        softness[near] = int(round(clear * 255))
    if edge:  # what the border cuts is none, and so is all beyond
        beyond = (lambda x: x < edge) if edge > 0 else (lambda x: x > camera.COLUMNS + edge)
        reach = 0.55 * pitch if edge > 0 else -0.55 * pitch
        columns[beyond(AT - reach) & (columns != ANY)] = NONE
        columns[beyond(AT)] = NONE
    if kind == "turned":
        luma = luma[::-1, ::-1]
        columns, softness = columns[::-1].copy(), softness[::-1]
        # Noughts and eights look the same either way, six and nine change places: nobody should say.
        columns[np.isin(columns, [0, 6, 8, 9])] = ANY
        columns[columns < 10] = NONE
    strip = np.round(camera.normalised(np.ascontiguousarray(luma)) * 255).astype(np.uint8)
    return strip, columns, softness, places, values, kind, face


def shard(out, count, seed, pool=faces.TRAINED):
    cv2.setNumThreads(1)
    strips = np.lib.format.open_memmap(out + "-strips.npy", "w+", np.uint8, (count, camera.ROWS, camera.COLUMNS))
    columns = np.full((count, OUTPUTS), NONE, np.uint8)
    seen = np.full((count, OUTPUTS), 255, np.uint8)
    digits = np.full((count, camera.DIGITS), 255, np.uint8)
    clear = np.zeros((count, 2), np.uint8)
    for i in range(count):
        strips[i], columns[i], seen[i], places, values, kind, face = one(seed, i, pool)
        clear[i] = face, ["line", "other", "text", "turned"].index(kind)
        if kind == "line":
            digits[i] = values
    np.savez(out + "-truth.npz", columns=columns, seen=seen, digits=digits, about=clear)


if __name__ == "__main__":
    shard(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), faces.UNSEEN if "--unseen" in sys.argv else faces.TRAINED)
