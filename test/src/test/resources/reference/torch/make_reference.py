#!/usr/bin/env python3
"""Writes what PyTorch computes for each layer, in float64, as frozen values for our tests.

Run in this directory, with Debian 12's python3-torch (1.13):

    /usr/bin/python3 make_reference.py

Each case is one safetensors file; cases.txt lists them. All layouts are ours: activations NHWC, convolution weights
[KH, KW, C / groups, O], linear weights [in, out]. Attributes are strings in the file's metadata. Arrays:

    in.NAME     an input, parameter or statistic; I32 for ids and labels
    out.NAME    a result: out.y of a layer, out.loss of a network
    cotangent   a fixed random dy of out.y; networks have none, their loss is a scalar
    grad.NAME   the gradient of sum(out.y * cotangent), or of out.loss, with respect to in.NAME
    v.NAME      a direction in parameter space (networks)
    hvp.NAME    the Hessian of out.loss with respect to all parameters, times v

Floating inputs are multiples of 1/1024, so that float32 holds them exactly. Every case draws from its own generator,
seeded by its name: a new case changes no other.
"""
import json
import math
import pathlib
import struct
import zlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)

HERE = pathlib.Path(__file__).resolve().parent
CASES = {}


def case(**attributes):
    """Registers a function (Case) -> None under its own name, with attributes for the file's metadata."""
    def register(build):
        CASES[build.__name__] = (build, attributes)
        return build
    return register


class Case:
    """Inputs drawn, results and gradients collected, for one file."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        self.arrays = {}
        self.leaves = {}

    def real(self, name, *shape, scale=1.0, offset=0.0):
        """A differentiable input of normal values around `offset`, on the grid of 1/1024."""
        values = torch.randn(shape, generator=self.generator) * scale + offset
        return self.leaf(name, (values * 1024).round() / 1024)

    def distinct(self, name, *shape):
        """A differentiable input of values 1/64 apart or more, and 1/128 away from 0: neither ties nor kinks are met."""
        count = math.prod(shape)
        order = torch.randperm(count, generator=self.generator)
        return self.leaf(name, ((order - count // 2) / 64 + 1 / 128).reshape(shape))

    def leaf(self, name, values):
        self.arrays["in." + name] = values
        self.leaves[name] = values.clone().requires_grad_()
        return self.leaves[name]

    def statistic(self, name, values):
        """An input that is not differentiated."""
        self.arrays["in." + name] = values.clone()
        return values

    def ids(self, name, bound, *shape):
        values = torch.randint(bound, shape, generator=self.generator)
        self.arrays["in." + name] = values
        return values

    def layer(self, y):
        """Ends a layer's case: its output, a cotangent, all gradients."""
        dy = (torch.randn(y.shape, generator=self.generator) * 1024).round() / 1024
        self.arrays["out.y"] = y
        self.arrays["cotangent"] = dy
        self.gradients(y, dy)

    def gradients(self, y, dy):
        grads = torch.autograd.grad(y, list(self.leaves.values()), dy)
        for name, grad in zip(self.leaves, grads):
            self.arrays["grad." + name] = grad

    def network(self, logits, labels, data=("x",)):
        """Ends a network's case: logits, mean cross-entropy, its gradients, one Hessian-vector product by double backward."""
        loss = F.cross_entropy(logits, labels)
        self.arrays["out.y"] = logits
        self.arrays["out.loss"] = loss
        names = [name for name in self.leaves if name not in data]
        parameters = [self.leaves[name] for name in names]
        direction = [(torch.randn(p.shape, generator=self.generator) * 1024).round() / 1024 for p in parameters]
        grads = torch.autograd.grad(loss, parameters, create_graph=True)
        slope = sum((g * v).sum() for g, v in zip(grads, direction))
        products = torch.autograd.grad(slope, parameters, retain_graph=True)
        for name, v, product in zip(names, direction, products):
            self.arrays["v." + name] = v
            self.arrays["hvp." + name] = product
        self.gradients(loss, torch.ones_like(loss))


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def oihw(w):
    return w.permute(3, 2, 0, 1)


def write(path, arrays, attributes):
    """Safetensors: the header's length (u64), the header (JSON, padded with blanks), the bytes; little-endian."""
    header = {"__metadata__": {key: str(value) for key, value in attributes.items()}}
    body = b""
    # Integers last, so that every float64 lies on a multiple of 8 bytes.
    for name, tensor in sorted(arrays.items(), key=lambda item: not item[1].is_floating_point()):
        values = tensor.detach().contiguous()
        floating = values.is_floating_point()
        code = "d" if floating else "i"
        data = struct.pack("<%d%s" % (values.numel(), code), *values.reshape(-1).tolist())
        header[name] = {
            "dtype": "F64" if floating else "I32",
            "shape": list(values.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


# Linear and embedding

@case(layer="linear")
def linear(c):
    x, w, b = c.real("x", 5, 4), c.real("w", 4, 3), c.real("bias", 3)
    c.layer(F.linear(x, w.t(), b))

@case(layer="linear")
def linear_positions(c):
    x, w, b = c.real("x", 2, 3, 4), c.real("w", 4, 5), c.real("bias", 5)
    c.layer(F.linear(x, w.t(), b))

@case(layer="linear")
def linear_without_bias(c):
    x, w = c.real("x", 5, 4), c.real("w", 4, 3)
    c.layer(F.linear(x, w.t()))

@case(layer="embedding")
def embedding(c):
    table, ids = c.real("table", 7, 5), c.ids("ids", 7, 3, 4)
    c.layer(F.embedding(ids, table))

# Convolution. Padding is given for each side.

def geometry(stride=(1, 1), pad=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    return dict(
        layer="conv2d", strideH=stride[0], strideW=stride[1], padTop=pad[0], padBottom=pad[1], padLeft=pad[2],
        padRight=pad[3], dilationH=dilation[0], dilationW=dilation[1], groups=groups)

def convolve(c, g, x_shape, w_shape, bias=False):
    x, w = c.real("x", *x_shape), c.real("w", *w_shape)
    b = c.real("bias", w_shape[3]) if bias else None
    padded = F.pad(nchw(x), (g["padLeft"], g["padRight"], g["padTop"], g["padBottom"]))
    c.layer(nhwc(F.conv2d(
        padded, oihw(w), b, (g["strideH"], g["strideW"]), 0, (g["dilationH"], g["dilationW"]), g["groups"])))

PLAIN = geometry()
STRIDED = geometry(stride=(2, 2), pad=(1, 1, 1, 1))
DILATED = geometry(pad=(2, 2, 2, 2), dilation=(2, 2))
GROUPED = geometry(pad=(1, 1, 1, 1), groups=2)
DEPTHWISE = geometry(stride=(2, 2), pad=(1, 1, 1, 1), groups=4)
UNEVEN = geometry(stride=(2, 1), pad=(1, 0, 0, 2), dilation=(1, 2))

@case(**PLAIN)
def conv2d(c):
    convolve(c, PLAIN, (2, 5, 6, 3), (3, 3, 3, 4))

@case(**STRIDED)
def conv2d_stride_padding_bias(c):
    convolve(c, STRIDED, (2, 7, 6, 2), (3, 3, 2, 3), bias=True)

@case(**DILATED)
def conv2d_dilation(c):
    convolve(c, DILATED, (1, 6, 6, 2), (3, 3, 2, 2))

@case(**GROUPED)
def conv2d_groups(c):
    convolve(c, GROUPED, (2, 4, 5, 4), (3, 3, 2, 6))

@case(**DEPTHWISE)
def conv2d_depthwise(c):
    convolve(c, DEPTHWISE, (2, 5, 5, 4), (3, 3, 1, 4))

@case(**PLAIN)
def conv2d_pointwise(c):
    convolve(c, PLAIN, (2, 3, 4, 5), (1, 1, 5, 3))

@case(**UNEVEN)
def conv2d_uneven(c):
    convolve(c, UNEVEN, (2, 7, 6, 2), (2, 3, 2, 3))

# Pooling

def window(kernel, stride, padding, **more):
    return dict(kernelH=kernel[0], kernelW=kernel[1], strideH=stride[0], strideW=stride[1], padTop=padding[0],
                padBottom=padding[0], padLeft=padding[1], padRight=padding[1], **more)

@case(**window((2, 2), (2, 2), (0, 0), layer="max_pool2d"))
def max_pool2d(c):
    c.layer(nhwc(F.max_pool2d(nchw(c.distinct("x", 2, 6, 5, 3)), 2, 2)))

@case(**window((3, 2), (2, 1), (1, 0), layer="max_pool2d"))
def max_pool2d_overlap_padding(c):
    c.layer(nhwc(F.max_pool2d(nchw(c.distinct("x", 2, 6, 5, 2)), (3, 2), (2, 1), (1, 0))))

@case(**window((2, 2), (2, 2), (0, 0), layer="avg_pool2d", countPadding="true"))
def avg_pool2d(c):
    c.layer(nhwc(F.avg_pool2d(nchw(c.real("x", 2, 6, 5, 3)), 2, 2)))

@case(**window((3, 3), (2, 2), (1, 1), layer="avg_pool2d", countPadding="true"))
def avg_pool2d_count_padding(c):
    c.layer(nhwc(F.avg_pool2d(nchw(c.real("x", 2, 6, 5, 2)), 3, 2, 1, count_include_pad=True)))

@case(**window((3, 3), (2, 2), (1, 1), layer="avg_pool2d", countPadding="false"))
def avg_pool2d_skip_padding(c):
    c.layer(nhwc(F.avg_pool2d(nchw(c.real("x", 2, 6, 5, 2)), 3, 2, 1, count_include_pad=False)))

@case(layer="global_avg_pool2d")
def global_avg_pool2d(c):
    c.layer(nchw(c.real("x", 3, 4, 5, 2)).mean((2, 3)))

# Norms. Running statistics: PyTorch keeps the unbiased variance, new = (1 - momentum) old + momentum batch.

@case(layer="batch_norm", mode="train", eps="1e-05", momentum="0.1")
def batch_norm_train(c):
    x, gamma, beta = c.real("x", 3, 4, 5, 2, scale=2, offset=1), c.real("gamma", 2), c.real("beta", 2)
    mean = c.statistic("running_mean", torch.tensor([0.25, -0.5]))
    variance = c.statistic("running_variance", torch.tensor([1.5, 0.75]))
    c.layer(nhwc(F.batch_norm(nchw(x), mean, variance, gamma, beta, training=True, momentum=0.1, eps=1e-5)))
    c.arrays["out.running_mean"] = mean
    c.arrays["out.running_variance"] = variance

@case(layer="batch_norm", mode="eval", eps="1e-05")
def batch_norm_eval(c):
    x, gamma, beta = c.real("x", 3, 4, 5, 2, scale=2, offset=1), c.real("gamma", 2), c.real("beta", 2)
    mean = c.statistic("running_mean", torch.tensor([0.25, -0.5]))
    variance = c.statistic("running_variance", torch.tensor([1.5, 0.75]))
    c.layer(nhwc(F.batch_norm(nchw(x), mean, variance, gamma, beta, training=False, eps=1e-5)))

@case(layer="batch_norm", mode="train", eps="1e-05", momentum="0.1")
def batch_norm_train_features(c):
    x, gamma, beta = c.real("x", 6, 4), c.real("gamma", 4), c.real("beta", 4)
    mean, variance = c.statistic("running_mean", torch.zeros(4)), c.statistic("running_variance", torch.ones(4))
    c.layer(F.batch_norm(x, mean, variance, gamma, beta, training=True, momentum=0.1, eps=1e-5))
    c.arrays["out.running_mean"] = mean
    c.arrays["out.running_variance"] = variance

@case(layer="layer_norm", eps="1e-05")
def layer_norm(c):
    x, gamma, beta = c.real("x", 3, 4, 6, offset=0.5), c.real("gamma", 6), c.real("beta", 6)
    c.layer(F.layer_norm(x, (6,), gamma, beta, eps=1e-5))

@case(layer="group_norm", groups=3, eps="1e-05")
def group_norm(c):
    x, gamma, beta = c.real("x", 2, 3, 4, 6, offset=0.5), c.real("gamma", 6), c.real("beta", 6)
    c.layer(nhwc(F.group_norm(nchw(x), 3, gamma, beta, eps=1e-5)))

# Softmax and activations

@case(layer="softmax", axis=-1)
def softmax(c):
    c.layer(F.softmax(c.real("x", 4, 7, scale=3), -1))

@case(layer="softmax", axis=1)
def softmax_inner_axis(c):
    c.layer(F.softmax(c.real("x", 3, 5, 4, scale=3), 1))

@case(layer="log_softmax", axis=-1)
def log_softmax(c):
    c.layer(F.log_softmax(c.real("x", 4, 7, scale=3), -1))

@case(layer="gelu", form="erf")
def gelu(c):
    c.layer(F.gelu(c.real("x", 6, 8, scale=2)))

@case(layer="softplus")
def softplus(c):
    c.layer(F.softplus(c.real("x", 6, 8, scale=3)))

@case(layer="relu")
def relu(c):
    c.layer(F.relu(c.distinct("x", 6, 8)))

@case(layer="leaky_relu", slope=0.1)
def leaky_relu(c):
    c.layer(F.leaky_relu(c.distinct("x", 6, 8), 0.1))

@case(layer="sigmoid")
def sigmoid(c):
    c.layer(torch.sigmoid(c.real("x", 6, 8, scale=3)))

@case(layer="tanh")
def tanh(c):
    c.layer(torch.tanh(c.real("x", 6, 8, scale=2)))

# Losses for each sample: y has shape [B]

@case(layer="cross_entropy")
def cross_entropy(c):
    logits, labels = c.real("logits", 6, 5, scale=2), c.ids("labels", 5, 6)
    c.layer(F.cross_entropy(logits, labels, reduction="none"))

@case(layer="cross_entropy")
def cross_entropy_positions(c):
    logits, labels = c.real("logits", 3, 4, 5, scale=2), c.ids("labels", 5, 3, 4)
    c.layer(F.cross_entropy(logits.transpose(1, 2), labels, reduction="none").mean(1))

@case(layer="mean_squared_error")
def mean_squared_error(c):
    prediction, target = c.real("prediction", 6, 5), c.real("target", 6, 5)
    c.layer(F.mse_loss(prediction, target, reduction="none").mean(1))

@case(layer="half_squared_error")
def half_squared_error(c):
    prediction, target = c.real("prediction", 6, 5), c.real("target", 6, 5)
    c.layer(0.5 * F.mse_loss(prediction, target, reduction="none").sum(1))

# Networks. The loss is the mean cross-entropy.

@case(network="mlp", activation="tanh", loss="mean cross entropy")
def mlp_tanh(c):
    x, labels = c.real("x", 5, 6), c.ids("labels", 4, 5)
    sizes = [6, 8, 7, 4]
    for layer in range(3):
        fan_in, fan_out = sizes[layer], sizes[layer + 1]
        w = c.real(f"fc{layer + 1}.w", fan_in, fan_out, scale=fan_in ** -0.5)
        x = F.linear(x, w.t(), c.real(f"fc{layer + 1}.bias", fan_out, scale=0.1))
        x = torch.tanh(x) if layer < 2 else x
    c.network(x, labels)

@case(network="conv 3x3 pad 1, batch norm, tanh; conv 3x3 stride 2 pad 1, batch norm, relu; global mean; linear",
      eps="1e-05", loss="mean cross entropy")
def cnn_batch_norm(c):
    x, labels = c.real("x", 4, 6, 6, 2), c.ids("labels", 3, 4)
    h = nchw(x)
    for layer, (channels, filters, stride) in enumerate([(2, 3, 1), (3, 4, 2)], start=1):
        w = c.real(f"conv{layer}.w", 3, 3, channels, filters, scale=(9 * channels) ** -0.5)
        gamma = c.real(f"norm{layer}.gamma", filters, scale=0.25, offset=1)
        beta = c.real(f"norm{layer}.beta", filters, scale=0.25)
        h = F.conv2d(h, oihw(w), stride=stride, padding=1)
        h = F.batch_norm(h, None, None, gamma, beta, training=True, eps=1e-5)
        h = torch.tanh(h) if layer == 1 else F.relu(h)
    w, b = c.real("fc.w", 4, 3, scale=0.5), c.real("fc.bias", 3, scale=0.1)
    c.network(F.linear(h.mean((2, 3)), w.t(), b), labels)

@case(network="n = layer norm x; x + softmax((n wq)(n wk)' / sqrt(8)) (n wv) wo; layer norm; mean over positions; linear",
      eps="1e-05", loss="mean cross entropy")
def attention_block(c):
    x, labels = c.real("x", 3, 5, 8), c.ids("labels", 3, 3)
    n = F.layer_norm(x, (8,), c.real("norm1.gamma", 8, scale=0.25, offset=1), c.real("norm1.beta", 8, scale=0.25), 1e-5)
    wq, wk, wv, wo = (c.real(name, 8, 8, scale=8 ** -0.5) for name in ("wq", "wk", "wv", "wo"))
    weights = F.softmax((n @ wq) @ (n @ wk).transpose(1, 2) / math.sqrt(8), -1)
    h = x + weights @ (n @ wv) @ wo
    h = F.layer_norm(h, (8,), c.real("norm2.gamma", 8, scale=0.25, offset=1), c.real("norm2.beta", 8, scale=0.25), 1e-5)
    w, b = c.real("fc.w", 8, 3, scale=0.5), c.real("fc.bias", 3, scale=0.1)
    c.network(F.linear(h.mean(1), w.t(), b), labels)

def main():
    for old in HERE.glob("*.safetensors"):
        old.unlink()
    for name, (build, attributes) in CASES.items():
        current = Case(name)
        build(current)
        write(HERE / f"{name}.safetensors", current.arrays, {**attributes, "torch": torch.__version__})
    (HERE / "cases.txt").write_text("".join(name + "\n" for name in CASES))

if __name__ == "__main__":
    main()
