"""Hand over: `python export.py WEIGHTS-1.npz WEIGHTS-2.npz` writes assets/ocr-line/model-1.bin and model-2.bin (half floats)
and golden/, one strip with what each network then says of it, which a test of net.rs holds the Rust side to.
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
    jax.config.update("jax_default_matmul_precision", "highest")
    golden = HERE / "golden"
    for folder in (ASSETS, golden):
        folder.mkdir(parents=True, exist_ok=True)
    strip, _, _, _, values, _, _ = strips.one(*GOLDEN, face=0, kind="line", hard=False)
    (golden / "strip.bin").write_bytes(strip.tobytes())
    print(faces.FACES[0][0], "".join(map(str, values)))
    for number, weights in enumerate(sys.argv[1:3], 1):
        made = halved(load(weights))
        model = ASSETS / f"model-{number}.bin"
        model.write_bytes(b"".join(part.tobytes() for pair in made for part in pair))
        odds = net.plain([tuple(p.astype(np.float32) for p in pair) for pair in made], strip[None].astype(np.float32) / 255)
        (golden / f"log-odds-{number}.bin").write_bytes(np.asarray(odds[0], "<f4").tobytes())
        print(model.name, model.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
