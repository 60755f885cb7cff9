#!/bin/sh
# Makes assets/ocr-line/model.bin and golden/ anew: environment, strips, training, judgement, hand-over.
# Meant for two cores and under an hour, and not yet run as one; everything lies under target/ocr-line. README.md names the fonts that must be installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work="$here/../../target/ocr-line"
steps=${1:-20000}
mkdir -p "$work"
cd "$here"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --requirement requirements.txt
export OPENBLAS_NUM_THREADS=1
shards() {
    for seed in "$@"; do
        [ -f "$work/$seed-truth.npz" ] || "$python" strips.py "$work/$seed" 10000 "$seed"
    done
}
shards 101 103 105 107 109 &
one=$!
shards 102 104 106 108 110
wait "$one"
"$python" strips.py "$work/valid" 4000 900001
"$python" strips.py "$work/unseen" 1500 900002 --unseen
"$python" fit.py "$work" "$work/weights.npz" --steps "$steps"
"$python" judge.py "$work/weights.npz" "$work/valid" "$work/unseen"
"$python" export.py "$work/weights.npz"
