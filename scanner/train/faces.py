"""The typefaces that lines are rendered in. Only used to draw; nothing of them is kept in the weights' file.

Each: name, file, share of the lines, whether training may see it. README.md names packages and licences.
"""
import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = "/usr/share/fonts/"
FACES = [
    ("ocrb", "opentype/ocr-b/OCRB.otf", 40, True),
    ("ocrb-sharp", "opentype/ocr-b/OCRBS.otf", 8, True),
    ("ocrb-oblique", "opentype/ocr-b/OCRBL.otf", 2, True),
    ("dejavu-mono", "truetype/dejavu/DejaVuSansMono.ttf", 5, True),
    ("dejavu-mono-bold", "truetype/dejavu/DejaVuSansMono-Bold.ttf", 1, True),
    ("dejavu-sans", "truetype/dejavu/DejaVuSans.ttf", 1, True),
    ("liberation-mono", "truetype/liberation/LiberationMono-Regular.ttf", 5, True),
    ("liberation-mono-bold", "truetype/liberation/LiberationMono-Bold.ttf", 1, True),
    ("liberation-sans", "truetype/liberation/LiberationSans-Regular.ttf", 5, True),
    ("liberation-sans-bold", "truetype/liberation/LiberationSans-Bold.ttf", 1, True),
    ("liberation-serif", "truetype/liberation/LiberationSerif-Regular.ttf", 1, True),
    ("noto-cjk", "opentype/noto/NotoSansCJK-Regular.ttc", 5, True),
    ("noto-cjk-bold", "opentype/noto/NotoSansCJK-Bold.ttc", 1, True),
    ("ipa-gothic", "opentype/ipafont-gothic/ipag.ttf", 5, True),
    ("ocra", "truetype/ocr-a/OCRA.ttf", 8, True),
    ("ocra-bold", "truetype/ocr-a/OCRABold.ttf", 2, True),
    ("vl-gothic", "truetype/vlgothic/VL-Gothic-Regular.ttf", 1, True),
    ("free-mono-bold", "truetype/freefont/FreeMonoBold.ttf", 1, True),
    ("free-sans", "truetype/freefont/FreeSans.ttf", 1, True),
    ("inconsolata", "truetype/inconsolata/Inconsolata.otf", 1, True),
    ("hack", "truetype/hack/Hack-Regular.ttf", 1, True),
    ("courier-prime", "opentype/courier-prime/Courier Prime Bold.otf", 1, True),
    ("roboto", "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf", 2, True),
    ("mplus", "opentype/mplus/Mplus1-Regular.otf", 1, True),
    # Never trained on: how the net does on a face that it has not met.
    ("lato", "truetype/lato/Lato-Regular.ttf", 1, False),
    ("fira-code", "truetype/firacode/FiraCode-Regular.ttf", 1, False),
    ("noto-mono", "truetype/noto/NotoMono-Regular.ttf", 1, False),
]
TRAINED = [i for i, face in enumerate(FACES) if face[3]]
UNSEEN = [i for i, face in enumerate(FACES) if not face[3]]
TEXT = [ROOT + "opentype/noto/NotoSansCJK-Regular.ttc", ROOT + "opentype/ipafont-gothic/ipag.ttf"]
# Pixels of an em on the canvas that a line is drawn on.
EM = 56
WORDS = ("新型コロナワクチン接種の予診票住民票に記載されている住所フリガナ氏名生年月日電話番号診察前の体温質問事項回答欄医師記入欄"
         "はいいいえロット番号接種量実施場所見本例示区試験町厚生太郎券番号請求先回目年月日生満歳男女□■○×()/-.:ABCDEF")


@functools.lru_cache(maxsize=4096)
def glyph(path, text, px):
    """Ink of a text (0 to 255) with its baseline `px` rows from the top, centred on its advance."""
    font = _font(path, px)
    width = max(1, int(np.ceil(font.getlength(text))) + 8)
    image = Image.new("L", (width, px + px // 2), 0)
    ImageDraw.Draw(image).text((width / 2, px), text, font=font, fill=255, anchor="ms")
    return np.asarray(image)


@functools.lru_cache(maxsize=256)
def _font(path, px):
    return ImageFont.truetype(path, px)


@functools.lru_cache(maxsize=64)
def digit(face, value):
    """A digit's ink in its cell, and the rows that hold it."""
    ink = glyph(ROOT + FACES[face][1], str(value), EM)
    rows = np.flatnonzero(ink.max(1) > 64)
    return ink, int(rows[0]), int(rows[-1]) + 1


@functools.lru_cache(maxsize=64)
def height(face):
    """Rows of a nought, and how far its foot lies from the baseline."""
    _, top, foot = digit(face, 0)
    return foot - top, foot - EM
