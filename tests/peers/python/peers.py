"""The readers that live outside Rust: zxing-cpp, zbar, Tesseract, RapidOCR.

Started by bench-scanner with the names of the peers that it may try. Says first, as a line of JSON, which it has and
which not and why; then takes lines {"file": PGM, "ask": [places in that list]} and answers each with
{"answers": [{"texts": [...], "ms": processor time}]}, null for a reader that fails on a picture. Only reading is
timed: the pixels are in memory before, except for Tesseract, a program of its own, whose start is measured once and
taken off.

Must not: judge what was read.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

# Before any of the libraries is loaded: they read these once.
for name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

# The quickest of so many readings counts, as on the Rust side. Tesseract and RapidOCR read once.
READINGS = 2
STARTS = 5


def luma(path):
    """Width, height and pixels of a binary PGM."""
    with open(path, "rb") as file:
        data = file.read()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    return int(head[1]), int(head[2]), data[head.end():]


def quickest(read, readings):
    """What is read, and the least processor time of all of this process's threads."""
    least = None
    for _ in range(readings):
        began = time.process_time()
        texts = read()
        took = time.process_time() - began
        least = took if least is None else min(least, took)
    return texts, least * 1e3


def zxing_cpp():
    from importlib.metadata import version

    import numpy
    import zxingcpp

    def reader(barcode_format):
        def read(_path, width, height, pixels):
            image = numpy.frombuffer(pixels, numpy.uint8).reshape(height, width)
            found = lambda: zxingcpp.read_barcodes(image, formats=barcode_format)
            codes, ms = quickest(found, READINGS)
            return [code.text for code in codes], ms

        return read

    formats = zxingcpp.BarcodeFormat
    return version("zxing-cpp"), {"zxing-cpp": {"qr": reader(formats.QRCode), "nw7": reader(formats.Codabar)}}


def zbar():
    from pyzbar import pyzbar

    def reader(symbol):
        def read(_path, width, height, pixels):
            found = lambda: pyzbar.decode((pixels, width, height), symbols=[symbol])
            codes, ms = quickest(found, READINGS)
            return [code.data.decode("utf-8", "replace") for code in codes], ms

        return read

    symbols = pyzbar.ZBarSymbol
    version = ".".join(str(part) for part in zbar_version())
    return version, {"zbar": {"qr": reader(symbols.QRCODE), "nw7": reader(symbols.CODABAR)}}


def zbar_version():
    import ctypes

    from pyzbar import zbar_library

    library, _ = zbar_library.load()
    parts = [ctypes.c_uint() for _ in range(3)]
    library.zbar_version(*(ctypes.byref(part) for part in parts))
    return [part.value for part in parts]


def tesseract():
    said = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"tesseract\s+(\S+)", said.stdout + said.stderr)[1]

    def once(path, mode):
        call = ["tesseract", path, "stdout", "--psm", mode, "-c", "tessedit_char_whitelist=0123456789"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(call, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        ms = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3
        return [line for line in said.stdout.splitlines() if line.strip()], ms

    def reader(mode):
        with tempfile.NamedTemporaryFile(suffix=".pgm") as blank:
            blank.write(b"P5 32 32 255\n" + b"\xff" * 32 * 32)
            blank.flush()
            start_ms = statistics.median(once(blank.name, mode)[1] for _ in range(STARTS))

        def read(path, _width, _height, _pixels):
            texts, ms = once(path, mode)
            return texts, max(0.0, ms - start_ms)

        return read

    modes = {"Tesseract, psm 11": "11", "Tesseract, psm 6": "6"}
    return version, {name: {"line": reader(mode)} for name, mode in modes.items()}


def rapidocr():
    import logging

    logging.disable(logging.CRITICAL)
    from importlib.metadata import version

    import cv2
    import numpy
    from rapidocr_onnxruntime import RapidOCR

    cv2.setNumThreads(1)
    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)

    def read(_path, width, height, pixels):
        image = numpy.frombuffer(pixels, numpy.uint8).reshape(height, width)
        (boxes, _), ms = quickest(lambda: engine(image), 1)
        return [text for _, text, *_ in boxes or []], ms

    return version("rapidocr-onnxruntime"), {"RapidOCR": {"line": read}}


PEERS = {"zxing-cpp": zxing_cpp, "zbar": zbar, "Tesseract": tesseract, "RapidOCR": rapidocr}


def main():
    readers, has, lacks = [], [], []
    for name in sys.argv[1:]:
        try:
            version, those = PEERS[name]()
        except Exception as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            lacks.append({"peer": name, "why": f"it could not be loaded ({type(failure).__name__})"})
            continue
        for reader, symbols in those.items():
            for symbol, read in symbols.items():
                readers.append(read)
                has.append({"peer": name, "reader": reader, "symbol": symbol, "version": version})
    print(json.dumps({"has": has, "lacks": lacks}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        width, height, pixels = luma(asked["file"])
        answers = []
        for place in asked["ask"]:
            try:
                texts, ms = readers[place](asked["file"], width, height, pixels)
            except Exception as failure:
                print(f"{has[place]['reader']}: {failure}", file=sys.stderr)
                answers.append(None)
            else:
                answers.append({"texts": texts, "ms": ms})
        print(json.dumps({"answers": answers}), flush=True)


main()
