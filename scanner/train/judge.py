"""Judgement on strips that training never saw: `python judge.py WEIGHTS.npz SHARD…`.

For each shard: digits and lines read right, by typeface; at each threshold on the least sure digit the lines read,
the wrong among them, and the lines read where there was none of 18 digits.
"""
import os
import sys

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np

import export
import faces
import lattice
import net

THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
PART = 32


def says(made, strips):
    """Log-odds for all strips, with the weights as they are handed over."""
    made = [tuple(part.astype(np.float32) for part in pair) for pair in export.halved(made)]
    run = jax.jit(lambda x: net.plain(made, x))
    said = []
    for at in range(0, len(strips), PART):
        part = np.asarray(strips[at:at + PART])
        blank = np.zeros((PART - len(part), *part.shape[1:]), part.dtype)
        said.append(np.asarray(run(jnp.asarray(np.concatenate([part, blank]), jnp.float32) / 255))[:len(part)])
    return np.concatenate(said)


def judged(odds, digits):
    """Whether there was a line, digits right, and the least sure of them, for each strip."""
    rows = []
    lines = [line for at in range(0, len(odds), 200) for line in lattice.decode(odds[at:at + 200])]
    for line, truth in zip(lines, digits):
        rows.append((0, 0, 0.0) if line is None else (1, int((line[0] == truth).sum()), float(line[1].min())))
    return np.array(rows)


def table(found, is_line):
    lines, others = found[is_line], found[~is_line]
    right = lines[:, 1] == 18
    print(f"  {len(lines)} lines: {right.mean():.2%} right, {lines[:, 1].sum() / 18 / len(lines):.3%} of the digits")
    print("  least sure digit at least: " + "  ".join(
        f"{t}: {(right & (lines[:, 2] >= t)).mean():.1%} {int((~right & (lines[:, 0] > 0) & (lines[:, 2] >= t)).sum())} wrong"
        f" {int(((others[:, 0] > 0) & (others[:, 2] >= t)).sum())} phantom" for t in THRESHOLDS))


def main():
    made = export.load(sys.argv[1])
    for name in sys.argv[2:]:
        truth = np.load(name + "-truth.npz")
        strips = np.load(name + "-strips.npy", mmap_mode="r")
        found = judged(says(made, strips), truth["digits"])
        is_line = truth["about"][:, 1] == 0
        print(name.rsplit("/", 1)[-1], len(strips), "strips")
        table(found, is_line)
        for face in np.unique(truth["about"][:, 0]):
            own = found[is_line & (truth["about"][:, 0] == face)]
            if len(own):
                print(f"    {faces.FACES[face][0]:22} {len(own):5} lines {(own[:, 1] == 18).mean():7.1%}  digits {own[:, 1].mean() / 18:.2%}")


if __name__ == "__main__":
    main()
