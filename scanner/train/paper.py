"""Paper: a row of digits in high resolution, what stands near it, and what lies over it."""
import cv2
import numpy as np

import faces

# The canvas: rows, the row of the digits' middle, digits' worth of blank before the first slot.
ROWS = 132
MIDDLE = 66
BEFORE = 4
SLOTS = 18 + 2 * BEFORE


class Page:
    """printed and overlaid ink (0 to 1, float32), where the digits stand and how much of each can be seen."""

    def __init__(self, r, face, kind):
        self.face = face
        high, foot = faces.height(face)
        self.high = high
        # Pitch in em: 0.60 to 0.72 on real paper.
        advance = float(faces.glyph(faces.ROOT + faces.FACES[face][1], "0", faces.EM).shape[1] - 8)
        least = max(0.54, 0.86 * advance / faces.EM if r.random() < 0.9 else 0.54)
        self.pitch = faces.EM * float(r.uniform(min(least, 0.7), 0.78))
        self.columns = int(SLOTS * self.pitch)
        self.first = BEFORE * self.pitch
        self.baseline = MIDDLE + high / 2 - foot
        self.printed = np.zeros((ROWS, self.columns), np.uint8)
        self.slots, self.values = np.zeros(0), np.zeros(0, int)
        self._line(r, kind)
        self._neighbours(r)
        self._print(r)
        self._cover(r, kind)

    def _line(self, r, kind):
        if kind == "text":
            self._text(r, MIDDLE, whole=True)
            return
        count, start = 18, 0.0
        if kind == "other":
            count = int(r.choice([10, 12, 13, 16, 17, 19, 20, 21, 24]))
            start = float(r.integers(-3, 3) if count >= 17 else r.uniform(-3, 7))
        if r.random() < 0.12:  # runs of one digit
            values = np.repeat(r.integers(0, 10, count), r.integers(1, 6, count))[:count]
        elif r.random() < 0.15:
            values = np.where(r.random(count) < 0.6, 0, r.integers(0, 10, count))
        else:
            values = r.integers(0, 10, count)
        slots = self.first + self.pitch * (start + np.arange(count) + 0.5)
        keep = (slots > self.pitch) & (slots < self.columns - self.pitch)
        if kind == "other" and r.random() < 0.3:  # a telephone number: some slots hold a hyphen
            hyphens = r.random(count) < 0.2
            for slot in slots[hyphens & keep]:
                self._stamp("-", slot)
            keep &= ~hyphens
        slots, values = slots[keep], values[keep]
        wobble = r.random() < 0.2
        for slot, value in zip(slots, values):
            ink, _, _ = faces.digit(self.face, int(value))
            dx, dy = (r.normal(0, 0.9, 2) if wobble else (0, 0))
            self._paste(ink, slot + dx, self.baseline + dy)
        self.slots, self.values = slots, values

    def _stamp(self, text, at):
        self._paste(faces.glyph(faces.ROOT + faces.FACES[self.face][1], text, faces.EM), at, self.baseline)

    def _paste(self, ink, x, baseline, px=faces.EM):
        _merge(self.printed, ink, round(x - ink.shape[1] / 2), round(baseline) - px)

    def _text(self, r, middle, whole=False):
        px = int(r.integers(30, 75))
        path = faces.TEXT[r.integers(len(faces.TEXT))]
        x = float(r.uniform(-20, 60) if whole else r.uniform(-20, self.columns * 0.7))
        end = self.columns if whole else x + r.uniform(100, 900)
        while x < min(end, self.columns):
            if r.random() < 0.1:
                x += r.uniform(0.5, 3) * px
            word = faces.WORDS[r.integers(len(faces.WORDS))]
            if not whole and r.random() < 0.25:
                word = str(r.integers(10))
            self._paste(faces.glyph(path, word, px), x, middle + px * 0.37, px)
            x += px * (0.6 if word.isascii() else 1.02)

    def _neighbours(self, r):
        """Bars and text above and below, rules beside, boxes at the ends."""
        half = self.high / 2
        gap = lambda: float(r.uniform(0.2, 1.2)) * self.pitch
        if r.random() < 0.4:  # bars end above
            foot, x = int(MIDDLE - half - gap()), float(r.uniform(0, self.columns / 2))
            end, unit = x + r.uniform(8, 20) * self.pitch, float(r.uniform(0.08, 0.25)) * self.pitch
            while x < end and foot > 0:
                wide = unit * float(r.choice([1, 2.5]))
                self.printed[:foot, int(x):int(x + wide)] = 255
                x += wide + unit * float(r.choice([1, 2.5]))
        elif r.random() < 0.3:
            self._text(r, MIDDLE - half - gap() - 25)
        if r.random() < 0.25:
            self._text(r, MIDDLE + half + gap() + 25)
        for side in (-1, 1):
            if r.random() < 0.12:
                y = int(MIDDLE + side * (half + gap()))
                cv2.line(self.printed, (0, y), (self.columns, y + int(r.integers(-4, 5))), 255, int(r.integers(2, 7)))
        if len(self.slots) and r.random() < 0.15:  # a box's edge, a kana or a letter near an end
            left = r.random() < 0.5
            away = float(r.uniform(0.9, 3)) * self.pitch
            x = self.slots[0] - away if left else self.slots[-1] + away
            if r.random() < 0.5:
                cv2.line(self.printed, (int(x), 0), (int(x), ROWS), 255, int(r.integers(2, 8)))
            else:
                word = faces.WORDS[r.integers(len(faces.WORDS))]
                px = int(r.integers(36, 70))
                self._paste(faces.glyph(faces.TEXT[0], word, px), x - px * (0.5 if left else -0.5), MIDDLE + px * 0.37, px)

    def _print(self, r):
        """Ink that spreads or starves, grain, speckle."""
        ink = self.printed
        gain = int(round(r.normal(0, 1.1)))
        if gain and abs(gain) < 4:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(gain) + 1,) * 2)
            ink = (cv2.dilate if gain > 0 else cv2.erode)(ink, kernel)
        ink = cv2.GaussianBlur(ink, (0, 0), float(r.uniform(0.5, 1.4))).astype(np.float32)
        grain = r.standard_normal((ROWS // 6 + 1, self.columns // 6 + 1), np.float32)
        grain = cv2.resize(grain, (self.columns, ROWS))
        ink = np.clip(127 + (ink - 127 + grain * float(r.uniform(3, 32))) * 2.2, 0, 255) / 255
        if r.random() < 0.04:  # printed in dots
            each = float(r.uniform(3.5, 6.5))
            dot = lambda n: np.clip(0.9 + np.cos(6.2832 * np.arange(n, dtype=np.float32) / each), 0, 1)
            ink *= np.maximum(dot(ROWS)[:, None] * dot(self.columns)[None], float(r.uniform(0, 0.4)))
        if r.random() < 0.25:
            ink *= r.random(ink.shape, np.float32) > r.uniform(0.005, 0.03)
        if r.random() < 0.08:  # a starved ribbon or a scratch: stripes of the line are faint
            stripe = cv2.resize(r.random((int(r.integers(4, 40)), 1), np.float32), (1, ROWS))
            ink *= 1 - float(r.uniform(0.2, 0.7)) * (stripe > r.uniform(0.5, 0.9))
        self.ink = ink

    def _cover(self, r, kind):
        """What a hand or a desk puts over the line; `seen` falls with what it hides."""
        self.over = None
        self.white = None
        self.seen = np.ones(len(self.slots), np.float32)
        what = r.random()
        if what > 0.4:
            return
        ss = 4
        over = np.zeros((ROWS, self.columns), np.uint8)
        white = None
        dark = float(r.uniform(0.45, 1))
        line = cv2.LINE_AA
        if what < 0.12:  # a pen
            for _ in range(int(r.integers(1, 4))):
                x, y = r.uniform(0, self.columns), r.uniform(-40, ROWS + 40)
                points = [(x, y)]
                angle = r.uniform(0, 6.28) if r.random() < 0.7 else r.normal(0, 0.08)
                for _ in range(int(r.integers(1, 9))):
                    angle += r.normal(0, 0.5)
                    step = r.uniform(0.4, 3) * self.pitch * (6 if len(points) == 1 and r.random() < 0.4 else 1)
                    x, y = x + step * np.cos(angle), y + step * np.sin(angle)
                    points.append((x, y))
                points = np.round(np.array(points) * 16).astype(np.int32)
                cv2.polylines(over, [points], False, 255, int(r.integers(2, 13)), line, ss)
        elif what < 0.24:  # a seal
            dark = float(r.uniform(0.15, 0.7))
            for _ in range(int(r.integers(1, 3))):
                x, y = float(r.uniform(2, SLOTS - 2)) * self.pitch, float(MIDDLE + r.normal(0, 45))
                radius, thick = float(r.uniform(1.6, 4)) * self.pitch, int(r.integers(3, 10))
                centre = (int(x * 16), int(y * 16))
                if r.random() < 0.75:
                    cv2.ellipse(over, centre, (int(radius * 16), int(radius * r.uniform(0.8, 1) * 16)), float(r.uniform(0, 180)), 0, 360, 255, thick, line, ss)
                else:
                    box = cv2.boxPoints(((x, y), (radius * 2, radius * 2), float(r.uniform(-20, 20))))
                    cv2.polylines(over, [np.round(box * 16).astype(np.int32)], True, 255, thick, line, ss)
                name = [int(v) for v in r.integers(0, 60, 2)]
                px = int(radius * r.uniform(0.7, 0.95))
                for k, place in enumerate(name):
                    ink = faces.glyph(faces.TEXT[0], faces.WORDS[place], px)
                    _merge(over, ink, x - ink.shape[1] / 2, y - px * (1 - k) - px * 0.15)
            patch = cv2.resize(r.random((ROWS // 12, self.columns // 12), np.float32), (self.columns, ROWS))
            over = (over * np.clip(0.5 + patch * float(r.uniform(0, 1.2)), 0, 1)).astype(np.uint8)
        elif what < 0.29:  # a note, a finger or a sticker's edge hides part of it
            white = np.zeros((ROWS, self.columns), np.uint8)
            x = float(r.uniform(0, self.columns))
            wide, high = float(r.uniform(0.7, 9)) * self.pitch, float(r.uniform(20, 200))
            y = MIDDLE + float(r.choice([-1, 1])) * float(r.uniform(0, high / 2 + self.high / 2))
            box = cv2.boxPoints(((x, y), (wide, high), float(r.normal(0, 12))))
            cv2.fillPoly(white, [np.round(box * 16).astype(np.int32)], 255, line, ss)
            if r.random() < 0.6:
                cv2.polylines(over, [np.round(box * 16).astype(np.int32)], True, 255, int(r.integers(1, 4)), line, ss)
                dark = float(r.uniform(0.1, 0.6))
        elif what < 0.32:  # a sticker pasted near: only its edges
            for _ in range(int(r.integers(1, 3))):
                angle, x, y = r.normal(0, 0.1) + (np.pi / 2 if r.random() < 0.5 else 0), r.uniform(0, self.columns), MIDDLE + r.normal(0, 30)
                dx, dy = np.cos(angle) * 2000, np.sin(angle) * 2000
                cv2.line(over, (int(x - dx), int(y - dy)), (int(x + dx), int(y + dy)), 255, int(r.integers(1, 5)), line)
            dark = float(r.uniform(0.1, 0.7))
        elif what < 0.36:  # creases and scratches: thin, and the print is gone there
            white = np.zeros((ROWS, self.columns), np.uint8)
            for _ in range(int(r.integers(1, 5))):
                a, x, y = r.uniform(0, np.pi), r.uniform(0, self.columns), MIDDLE + r.normal(0, 16)
                reach = float(r.uniform(0.3, 12)) * self.pitch
                d = np.array([np.cos(a), np.sin(a)]) * reach
                ends = [tuple(int(v * 16) for v in (x + k * d[0], y + k * d[1])) for k in (-1, 1)]
                cv2.line(white, *ends, 255, int(r.integers(1, 9)), line, ss)
        else:  # a blot, or a band struck over several digits
            for _ in range(int(r.integers(1, 4))):
                size = (int(r.uniform(0.15, 1.6) * self.pitch), int(r.uniform(4, 40)))
                cv2.ellipse(over, (int(r.uniform(0, self.columns)), int(MIDDLE + r.normal(0, 18))), size, float(r.uniform(0, 180)), 0, 360, 255, -1, line)
        self.over = over.astype(np.float32) / 255 * dark
        half = int(self.pitch * 0.36)
        top, foot = int(MIDDLE - self.high / 2), int(MIDDLE + self.high / 2)
        for k, slot in enumerate(self.slots):
            box = np.s_[top:foot, max(0, int(slot) - half):int(slot) + half]
            ink = self.ink[box] > 0.5
            hidden = 0.0
            if white is not None and ink.any():
                hidden = float(white[box][ink].mean()) / 255
            # Ink over blank paper confuses where ink over ink only thickens.
            blank = ~ink
            blotted = float(self.over[box][blank].mean()) if blank.any() else 0.0
            self.seen[k] = (1 - np.clip((hidden - 0.07) / 0.25, 0, 1)) * (1 - np.clip((blotted - 0.08) / 0.3, 0, 1))
        if white is not None:
            self.ink *= 1 - white.astype(np.float32) / 255

    def light(self, r):
        """The share of light that the paper gives back, where bare paper gives 1."""
        left = 1 - float(r.uniform(0.4, 0.95)) * self.ink
        if self.over is not None:
            left *= 1 - self.over
        return left


def _merge(canvas, ink, x, y):
    x, y = int(x), int(y)
    top, left = max(0, y), max(0, x)
    part = canvas[top:max(top, y + ink.shape[0]), left:max(left, x + ink.shape[1])]
    if part.size:
        np.maximum(part, ink[top - y:top - y + part.shape[0], left - x:left - x + part.shape[1]], out=part)
