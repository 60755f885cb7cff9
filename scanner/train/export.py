"""Hand over: `python export.py WEIGHTS.npz` writes assets/ocr-line/model.bin (half floats) and golden/, one strip with
what the network then says of it, which a test of net.rs holds the Rust side to.
"""
import pathlib
import sys

import cv2
import jax
import numpy as np

import faces
import net
import strips

HERE = pathlib.Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets" / "ocr-line"
# A strip of OCR-B with all ten digits; the seed belongs to no shard.
GOLDEN = (70707, 31)


def load(name):
    kept = np.load(name)
    return [(kept[f"w{i}"], kept[f"b{i}"]) for i in range(len(net.LAYERS))]


def halved(made):
    return [tuple(part.astype("<f2") for part in pair) for pair in made]


def main():
    cv2.setNumThreads(1)
    made = halved(load(sys.argv[1]))
    ASSETS.mkdir(parents=True, exist_ok=True)
    (ASSETS / "model.bin").write_bytes(b"".join(part.tobytes() for pair in made for part in pair))
    strip, _, _, _, values, _, _ = strips.one(*GOLDEN, face=0, kind="line", hard=False)
    jax.config.update("jax_default_matmul_precision", "highest")
    odds = net.plain([tuple(p.astype(np.float32) for p in pair) for pair in made], strip[None].astype(np.float32) / 255)
    (HERE / "golden").mkdir(exist_ok=True)
    (HERE / "golden" / "strip.bin").write_bytes(strip.tobytes())
    (HERE / "golden" / "log-odds.bin").write_bytes(np.asarray(odds[0], "<f4").tobytes())
    print(faces.FACES[0][0], "".join(map(str, values)), (ASSETS / "model.bin").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
