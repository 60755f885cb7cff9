"""The network: a strip in, for each of its 112 columns the log-odds of ten digits and of none.

Layers as scanner/src/ocr/net.rs runs them; training normalises by batch, export folds that into weights and biases.
"""
import jax
import jax.numpy as jnp
import numpy as np

# (rows, columns, inputs, outputs, stride down, stride along, rows of padding)
LAYERS = [
    (3, 3, 1, 12, 2, 2, 1),
    (3, 3, 12, 24, 2, 2, 1),
    (3, 3, 24, 32, 2, 1, 1),
    (4, 3, 32, 56, 1, 1, 0),
    (1, 5, 56, 56, 1, 1, 0),
    (1, 3, 56, 56, 1, 1, 0),  # its input is added to what it gives
    (1, 1, 56, 11, 1, 1, 0),
]
ADDS = 5


def fresh(seed):
    r = np.random.default_rng(seed)
    made = []
    for rows, columns, inputs, outputs, *_ in LAYERS:
        fan = rows * columns * inputs
        made.append({
            "w": jnp.asarray(r.normal(0, (2 / fan) ** 0.5, (rows, columns, inputs, outputs)), jnp.float32),
            "scale": jnp.ones(outputs), "bias": jnp.zeros(outputs),
        })
    return made


def convolve(x, w, down, along, pad):
    """Shifted copies side by side, then one product: on a CPU faster than the library's convolution."""
    rows, columns, inputs, outputs = w.shape
    n, high, wide, _ = x.shape
    side = columns // 2
    x = jnp.pad(x, ((0, 0), (pad, pad), (side, side), (0, 0)))
    out_high, out_wide = (high + 2 * pad - rows) // down + 1, (wide - 1) // along + 1
    copies = [
        x[:, i:i + (out_high - 1) * down + 1:down, j:j + (out_wide - 1) * along + 1:along]
        for i in range(rows) for j in range(columns)
    ]
    flat = jnp.concatenate(copies, -1).reshape(-1, rows * columns * inputs)
    return (flat @ w.reshape(-1, outputs)).reshape(n, out_high, out_wide, outputs)


def forward(layers, x, stats=None):
    """Log-odds of n × 112 × 11 and each layer's mean and variance. With `stats` those are used, not the batch's."""
    x = x[..., None]
    seen = []
    for i, (layer, (_, _, _, _, down, along, pad)) in enumerate(zip(layers, LAYERS)):
        y = convolve(x, layer["w"], down, along, pad)
        if i == len(LAYERS) - 1:
            return (y + layer["bias"])[:, 0], seen
        if stats is None:
            mean = y.mean((0, 1, 2))
            variance = (y * y).mean((0, 1, 2)) - mean * mean
        else:
            mean, variance = stats[i]
        seen.append((mean, variance))
        factor = layer["scale"] * jax.lax.rsqrt(variance + 1e-5)
        y = jax.nn.relu(y * factor + (layer["bias"] - mean * factor))
        x = x + y if i == ADDS else y


def folded(layers, stats):
    """Weights and biases without normalisation."""
    made = []
    for i, layer in enumerate(layers):
        w, bias = np.asarray(layer["w"], np.float64), np.asarray(layer["bias"], np.float64)
        if i < len(stats):
            mean, variance = (np.asarray(v, np.float64) for v in stats[i])
            factor = np.asarray(layer["scale"], np.float64) / np.sqrt(variance + 1e-5)
            w, bias = w * factor, bias - mean * factor
        made.append((w.astype(np.float32), bias.astype(np.float32)))
    return made


def unfolded(kept, x):
    """The other way: layers that, normalised by a batch like x, give what the folded weights give."""
    made, x = [], jnp.asarray(x)[..., None]
    for i, (_, _, _, _, down, along, pad) in enumerate(LAYERS):
        w, bias = jnp.asarray(kept[f"w{i}"]), jnp.asarray(kept[f"b{i}"])
        y = convolve(x, w, down, along, pad)
        mean, variance = y.mean((0, 1, 2)), y.var((0, 1, 2))
        last = i == len(LAYERS) - 1
        made.append({
            "w": w, "scale": jnp.ones_like(bias) if last else jnp.sqrt(variance + 1e-5), "bias": bias if last else bias + mean,
        })
        y = jax.nn.relu(y + bias)
        x = x + y if i == ADDS else y
    return made


def plain(made, x):
    """What net.rs computes, of folded layers."""
    x = x[..., None]
    for i, ((w, bias), (_, _, _, _, down, along, pad)) in enumerate(zip(made, LAYERS)):
        y = convolve(x, jnp.asarray(w), down, along, pad) + bias
        if i == len(LAYERS) - 1:
            return y[:, 0]
        y = jax.nn.relu(y)
        x = x + y if i == ADDS else y
