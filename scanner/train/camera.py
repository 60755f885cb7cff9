"""The camera and the search: how a page becomes a strip, and where on the strip its digits then stand."""
import cv2
import numpy as np

import paper

# As in scanner/src/ocr/strip.rs.
ROWS, COLUMNS, DIGITS = 32, 448, 18
PITCH, FIRST_CELL, HIGH, MIDDLE = 20.0, 44.0, 23.0, 16.0
# A digit's stroke in pitches.
STROKE = 0.16
# Above this many pixels a digit a camera shows nothing more that a strip could hold; noise is scaled instead.
MOST_PX = 30.0
U, V = np.meshgrid(np.arange(COLUMNS, dtype=np.float32) + 0.5, np.arange(ROWS, dtype=np.float32) + 0.5)


def strip(r, page, hard):
    """Luma of a strip (0 to 255, float32); of each of the page's slots its x and the share that is cut off; the column of
    the frame's border, from the left or (below 0) from the right."""
    real = float(np.exp(r.uniform(np.log(12), np.log(80))))
    px = min(real, MOST_PX)
    away = px / real
    luma = page.light(r)
    # The finder's errors: pitch, shift, height, turn, slant, uneven pitch (tilt, curl).
    pitch = PITCH * (1 + float(r.uniform(-0.13, 0.13)))
    if r.random() < 0.4:
        pitch = PITCH * (1 + float(r.normal(0, 0.03)))
    shift = float(r.normal(0, 0.15) if r.random() < 0.5 else r.uniform(-1.1, 1.1)) * PITCH
    rise = float(r.normal(0, 1.2) if r.random() < 0.6 else r.uniform(-4, 4))
    turn = float(r.normal(0, np.deg2rad(0.6)) if r.random() < 0.6 else np.deg2rad(r.uniform(-2.2, 2.2)))
    slant = float(r.normal(0, 0.06))
    high = HIGH * float(np.clip(1 + r.normal(0, 0.08), 0.75, 1.28)) if r.random() < 0.7 else float(r.uniform(17, 29.5))
    bent = r.random()
    bend = float(r.normal(0, 0.025) if bent < 0.45 else r.uniform(-0.09, 0.09) if bent < 0.65 else 0)
    # A bend from tilt goes with digits that grow along the line; one from curl does not.
    grows = 2 * bend * (r.random() < 0.7)
    wave, phase = (float(r.uniform(0, 0.02)), float(r.uniform(0, 6.28))) if r.random() < 0.3 else (0.0, 0.0)
    bow = float(r.normal(0, 1.5)) if r.random() < 0.3 else 0.0
    ripple, crest = (float(r.uniform(0, 3.2)), float(r.uniform(0, 6.28))) if r.random() < 0.3 else (0.0, 0.0)
    if r.random() < 0.08:  # a curl that the search missed: digits leave the strip
        ripple = float(r.uniform(3, 14))
    # Strip to page: t runs from −1 to 1 along the nominal line.
    t = (U - COLUMNS / 2 - shift) / 180
    along = lambda t: t + bend * (t * t - 0.5) + wave * np.sin(4 * t + phase)
    middle = page.first + 9 * page.pitch
    unit = 180 / pitch * page.pitch
    base = MIDDLE + rise + turn * (U - COLUMNS / 2) + bow * (t * t - 0.5) + ripple * np.sin(3 * t + crest)
    page_y = paper.MIDDLE + (V - base) * (page.high / high) * (1 + grows * t)
    page_x = middle + along(t) * unit + slant * (V - base) * page.pitch / pitch
    # Page to camera: a digit is px wide there, tall times as high, and the paper lies turned by a little.
    tall = float(np.clip(r.normal(1.15, 0.09), 0.8, 1.6))
    angle = float(r.normal(0, 0.05))
    sx, sy = px / page.pitch, px * tall / page.high
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    wide, deep = page.columns * sx, paper.ROWS * sy
    deep = min(deep, 3.8 * px)
    w, h = int(wide * cos + deep * abs(sin)) + 4, int(deep * cos + wide * abs(sin)) + 4
    a = np.array([[cos * sx, -sin * sy], [sin * sx, cos * sy]])
    b = np.array([w / 2, h / 2]) - a @ [page.columns / 2, paper.MIDDLE]
    soft = 0.5 / sx
    if soft > 0.45:
        luma = cv2.GaussianBlur(luma, (0, 0), soft)
    shot = cv2.warpAffine(luma, np.column_stack([a, b]).astype(np.float32), (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shot = _shoot(r, shot, px, away, hard)
    camera_x = (a[0, 0] * page_x + a[0, 1] * page_y + b[0] - 0.5).astype(np.float32)
    camera_y = (a[1, 0] * page_x + a[1, 1] * page_y + b[1] - 0.5).astype(np.float32)
    if px > 24 and r.random() < 0.6:
        shot = cv2.GaussianBlur(shot, (0, 0), 0.3 * px / PITCH)
    flags = cv2.INTER_LINEAR if r.random() < 0.85 else cv2.INTER_CUBIC
    luma = cv2.remap(shot, camera_x, camera_y, flags, borderMode=cv2.BORDER_REPLICATE)
    # Where the slots are: the row through the digits' middle, turned round.
    on_line = middle + along(t[0]) * unit
    places = np.interp(page.slots, on_line, U[0], left=-99, right=-99)
    # What of each digit lies above or below the strip.
    half = high / 2 / (1 + grows * np.interp(places, U[0], t[0]))
    where = np.interp(places, U[0], base[0])
    cut = (np.maximum(0, half - where) + np.maximum(0, where + half - ROWS)) / (2 * half)
    edge = 0
    if r.random() < 0.03:  # the frame's border cuts the strip
        edge = int(r.integers(20, 260)) * int(r.choice([-1, 1]))
        if edge > 0:
            luma[:, :edge] = luma[:, edge:edge + 1] if r.random() < 0.5 else 0
        else:
            luma[:, edge:] = luma[:, edge - 1:edge] if r.random() < 0.5 else 0
    return luma, places, cut, edge


def _shoot(r, shot, px, away, hard):
    h, w = shot.shape
    stroke = STROKE * px
    x = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None]
    y = np.linspace(-0.1, 0.1, h, dtype=np.float32)[:, None]
    light = 1 + float(r.uniform(-0.5, 0.5)) * x + float(r.uniform(-1, 1)) * y
    if r.random() < 0.4:
        a = r.uniform(0, 6.28)
        p = float(np.cos(a)) * x + float(np.sin(a)) * y - r.uniform(-0.4, 0.4)
        light = light * (1 - float(r.uniform(0.15, 0.6)) / (1 + np.exp(np.clip(-p / float(r.uniform(0.003, 0.08)), -50, 50))))
    shot = shot * (light * float(r.uniform(0.75, 0.97)))
    if r.random() < 0.15 + 0.2 * hard:
        cx, cy, s1, s2, a = r.uniform(-0.5, 0.5), r.uniform(-0.1, 0.1), r.uniform(0.03, 0.25), r.uniform(0.03, 0.25), r.uniform(0, 3.14)
        cos, sin = float(np.cos(a)), float(np.sin(a))
        q1, q2 = (x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin
        shot = shot + float(r.uniform(0.1, 0.6) if r.random() < 0.8 else r.uniform(0.6, 1.3)) * np.exp(-(q1 / s1) ** 2 - (q2 / s2) ** 2)
    kernel = _smear(r, stroke, hard)
    if kernel is not None:
        shot = cv2.filter2D(shot, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    if r.random() < 0.3:
        period, a = r.uniform(1.8, 8), r.uniform(0, 6.28)
        fx, fy = float(6.2832 * np.cos(a) / period), float(6.2832 * np.sin(a) / period)
        cols, rows = np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)
        # sin(p + q) taken apart, so that only a row and a column of sines are needed
        wave = np.sin(fy * rows)[:, None] * np.cos(fx * cols)[None] + np.cos(fy * rows)[:, None] * np.sin(fx * cols)[None]
        shot = shot * (1 + float(r.uniform(0.01, 0.075)) * wave)
    if r.random() < 0.12:  # a dark stand with a torch: bright in one place, nearly black elsewhere
        cx, cy, size = r.uniform(-0.7, 0.7), r.uniform(-0.3, 0.3), r.uniform(0.15, 0.8)
        shot = shot * (float(r.uniform(0.08, 0.4)) + float(r.uniform(0.6, 1.2)) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * size * size)))
    exposure = float(r.uniform(0.35, 1.12) if hard else r.uniform(0.7, 1.08))
    if r.random() < 0.05:
        exposure *= float(r.uniform(0.25, 0.6))
    shot = np.clip(shot * exposure, 0, 1)
    if r.random() < 0.35:
        shot = shot ** float(np.exp(r.uniform(-0.6, 0.6)))
    shot = shot * 255
    noise = float(np.exp(r.uniform(np.log(0.8), np.log(14 if hard else 7)))) * (0.35 + 0.65 * away)
    shot = shot + r.standard_normal(shot.shape, np.float32) * (noise * np.sqrt(0.3 + 0.7 * np.clip(shot, 0, 255) / 255))
    if r.random() < 0.45:
        most = 1.4 if r.random() < 0.8 else 3.0
        shot = shot + float(r.uniform(0.2, most)) * (shot - cv2.GaussianBlur(shot, (0, 0), float(r.uniform(0.8, 2.2))))
    shot = np.clip(shot, 0, 255).astype(np.uint8)
    if r.random() < 0.06:
        shot = cv2.medianBlur(shot, 3)
    if r.random() < 0.9:
        quality = int(r.integers(40, 97))
        if away < 0.6:
            quality = max(quality, 70)
        shot = cv2.imdecode(cv2.imencode(".jpg", shot, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)
    return shot.astype(np.float32)


def _smear(r, stroke, hard):
    """Defocus and motion as one kernel."""
    radius = float(r.uniform(0, 1.15) if hard else r.uniform(0, 0.55)) * stroke
    length = float(r.uniform(0, 1.25) if hard else r.uniform(0, 0.6)) * stroke
    if hard and r.random() < 0.05:
        length *= 1.6
    if r.random() < 0.35:
        length = 0.0
    if radius < 0.3 and length < 0.5:
        return None
    size = 2 * int(np.ceil(radius + length / 2)) + 3
    ss = 6
    disk = np.zeros((size * ss,) * 2, np.float32)
    c = size * ss / 2
    if radius >= 0.3:
        cv2.circle(disk, (int(c), int(c)), int(round(radius * ss)), 1, -1)
    else:
        disk[int(c), int(c)] = 1
    if length >= 0.5:
        a = r.uniform(0, np.pi)
        d = np.array([np.cos(a), np.sin(a)]) * length * ss / 2
        line = np.zeros_like(disk)
        cv2.line(line, tuple(int(v) for v in np.round(c - d)), tuple(int(v) for v in np.round(c + d)), 1, 1)
        disk = cv2.filter2D(disk, -1, line, borderType=cv2.BORDER_CONSTANT)
    kernel = cv2.resize(disk, (size, size), interpolation=cv2.INTER_AREA)
    return kernel / kernel.sum()


def normalised(luma):
    """The formula of scanner/src/ocr/strip.rs, step by step."""
    brightest = np.partition(luma, ROWS - 8, axis=0)[ROWS - 8:].mean(0)[None].astype(np.float32)
    window = np.ones((1, 25), np.uint8)
    closed = cv2.erode(cv2.dilate(brightest, window), window)
    ones = cv2.boxFilter(np.ones_like(closed), -1, (13, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    light = cv2.boxFilter(closed, -1, (13, 1), normalize=False, borderType=cv2.BORDER_CONSTANT) / ones
    absorbed = 1 - luma / np.maximum(light, 1)
    cells = absorbed[4:28, int(FIRST_CELL):int(FIRST_CELL + DIGITS * PITCH)].reshape(24, DIGITS, int(PITCH)).transpose(1, 0, 2).reshape(DIGITS, -1)
    inks = np.partition(cells, cells.shape[1] - 49, axis=1)[:, -49]
    contrast = max(np.sort(inks)[DIGITS // 2], 0.08)
    return np.clip(absorbed / contrast, 0, 1)
