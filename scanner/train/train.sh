#!/bin/sh
# Makes assets/ocr-line/model-1.bin, model-2.bin and golden/ anew: environment, strips, training, judgement, hand-over.
# For two cores and under an hour: the two networks are trained side by side. Everything lies under target/ocr-line; what is
# there already is kept. README.md names the fonts that must be installed.
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
[ -f "$work/valid-truth.npz" ] || "$python" strips.py "$work/valid" 4000 900001
[ -f "$work/unseen-truth.npz" ] || "$python" strips.py "$work/unseen" 1500 900002 --unseen
fit() {
    [ -f "$work/weights-$1.npz" ] || "$python" fit.py "$work" "$work/fitting-$1.npz" --steps "$steps" --seed "$1"
    [ -f "$work/weights-$1.npz" ] || mv "$work/fitting-$1.npz" "$work/weights-$1.npz"
}
fit 1 &
one=$!
fit 2
wait "$one"
for network in 1 2; do
    "$python" judge.py "$work/weights-$network.npz" "$work/valid" "$work/unseen"
done
"$python" export.py "$work/weights-1.npz" "$work/weights-2.npz"
