"""Training: `python fit.py DATA OUT --steps N` reads the shards in DATA and writes folded weights to OUT.npz."""
import argparse
import glob
import os
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np

import net

# Strips a step, in parts small enough for the processor's cache.
PARTS, PART = 4, 8
NONE, ANY = 10, 255


class Shards:
    """All shards of a folder, seen as one row of strips."""

    def __init__(self, folder):
        names = sorted(glob.glob(os.path.join(folder, "[0-9]*-truth.npz")))
        self.strips, self.columns, self.seen = [], [], []
        for name in names:
            truth = np.load(name)
            self.strips.append(np.load(name.replace("-truth.npz", "-strips.npy"), mmap_mode="r"))
            self.columns.append(truth["columns"])
            self.seen.append(truth["seen"])
        self.ends = np.cumsum([len(s) for s in self.strips])

    def __len__(self):
        return int(self.ends[-1])

    def take(self, chosen):
        which = np.searchsorted(self.ends, chosen, side="right")
        at = chosen - np.concatenate([[0], self.ends[:-1]])[which]
        pick = lambda rows: np.stack([rows[w][a] for w, a in zip(which, at)])
        return pick(self.strips), pick(self.columns), pick(self.seen)


def batch(r, shards):
    strips, columns, seen = shards.take(r.integers(0, len(shards), PARTS * PART))
    along, down = int(r.integers(-2, 3)), int(r.integers(-1, 2))
    strips = np.roll(np.roll(strips, 4 * along, 2), down, 1)
    columns, seen = np.roll(columns, along, 1), np.roll(seen, along, 1)
    gain = r.uniform(0.85, 1.2, (len(strips), 1, 1)).astype(np.float32) / 255
    x = np.minimum(strips * gain, 1)
    split = lambda a: a.reshape(PARTS, PART, *a.shape[1:])
    return split(x), split(columns), split(seen)


def loss(layers, x, columns, seen):
    odds, stats = net.forward(layers, x)
    logs = jax.nn.log_softmax(odds)
    clear = seen / 255.0
    asked = columns != ANY
    says = jnp.where(asked, columns, NONE)
    of = jnp.take_along_axis(logs, says[..., None], -1)[..., 0]
    # A digit that cannot be seen is none.
    each = -(clear * of + (1 - clear) * logs[..., NONE])
    # Blank margins are many and easy.
    weight = jnp.where(asked, jnp.where(columns == NONE, 0.6, 1.0), 0.0)
    return (each * weight).sum() / weight.sum(), stats


@jax.jit
def step(state, x, columns, seen, rate):
    layers, first, second, slow, at = state

    def part(total, args):
        (value, _), grads = jax.value_and_grad(loss, has_aux=True)(layers, *args)
        return jax.tree.map(lambda a, b: a + b / PARTS, total, grads), value

    grads, values = jax.lax.scan(part, jax.tree.map(jnp.zeros_like, layers), (x, columns, seen))
    size = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(grads)))
    grads = jax.tree.map(lambda g: g * jnp.minimum(1.0, 1.0 / (size + 1e-9)), grads)
    at = at + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, grads)
    second = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, second, grads)
    move = lambda p, m, v: p - rate * ((m / (1 - 0.9**at)) / (jnp.sqrt(v / (1 - 0.99**at)) + 1e-8) + 1e-3 * p * (p.ndim > 1))
    layers = jax.tree.map(move, layers, first, second)
    keep = jnp.minimum(0.9985, at / (at + 50.0))
    slow = jax.tree.map(lambda s, p: keep * s + (1 - keep) * p, slow, layers)
    return (layers, first, second, slow, at), values.mean()


def settled(layers, shards, r):
    """Each layer's mean and variance over many strips."""
    run = jax.jit(lambda x: net.forward(layers, x)[1])
    sums = None
    for _ in range(60):
        x, _, _ = batch(r, shards)
        for part in x:
            stats = [(m, v + m * m) for m, v in run(part)]
            sums = stats if sums is None else jax.tree.map(lambda a, b: a + b, sums, stats)
    sums = jax.tree.map(lambda a: a / (60 * PARTS), sums)
    return [(m, s - m * m) for m, s in sums]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("data")
    ask.add_argument("out")
    ask.add_argument("--steps", type=int, default=24000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rate", type=float, default=3e-3)
    ask.add_argument("--resume", help="folded weights to go on from, instead of fresh ones")
    ask.add_argument("--minutes", type=float, default=1e9, help="end early: the rate falls with the time if that is further on")
    given = ask.parse_args()
    r = np.random.default_rng([given.seed, 77])
    shards = Shards(given.data)
    layers = net.unfolded(np.load(given.resume), batch(r, shards)[0].reshape(-1, 32, 448)) if given.resume else net.fresh(given.seed)
    zero = jax.tree.map(jnp.zeros_like, layers)
    state = (layers, zero, zero, layers, jnp.float32(0))
    began, run, smooth = time.time(), 0, None
    while True:
        done = max(run / given.steps, (time.time() - began) / 60 / given.minutes)
        if done >= 1:
            break
        rate = given.rate * min(1, run / 300) * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * done)))
        state, value = step(state, *batch(r, shards), jnp.float32(rate))
        smooth = float(value) if smooth is None else 0.99 * smooth + 0.01 * float(value)
        run += 1
        if run % 250 == 0:
            print(f"{run} steps, {time.time() - began:.0f} s, {len(shards)} strips, loss {smooth:.4f}", flush=True)
            if run % 1000 == 0:
                shards = Shards(given.data)
                save(given.out, state[3], shards)
    save(given.out, state[3], shards)
    print(f"{run} steps, {time.time() - began:.0f} s")


def save(out, layers, shards):
    made = net.folded(layers, settled(layers, shards, np.random.default_rng(5)))
    np.savez(out, **{f"{kind}{i}": part for i, pair in enumerate(made) for kind, part in zip("wb", pair)})


if __name__ == "__main__":
    main()
