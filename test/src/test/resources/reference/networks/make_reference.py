#!/usr/bin/env python3
"""Writes what PyTorch computes for each network, in float64, as frozen values for our tests.

Run in this directory, with Debian 12's python3-torch (1.13) and python3-numpy:

    /usr/bin/python3 make_reference.py

No weights are stored: both sides draw them from the keyed generator (Philox4x32-10, rewritten here) under the
parameter's name. Each case is one safetensors file; cases.txt lists them. Metadata: the names and shapes of the
parameters, in order, and what they add up to. Arrays:

    out.y       the outputs
    out.loss    the mean loss
    grad.norm   Euclidean norm of the gradient of out.loss with respect to each parameter
    grad.dot    its inner product with a direction that is drawn under the parameter's name

All layouts are ours: images NHWC, convolution weights [KH, KW, C, O], linear weights [in, out].
"""
import importlib.util
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("layers", HERE.parent / "torch" / "make_reference.py")
layers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(layers)
nchw, nhwc, oihw = layers.nchw, layers.nhwc, layers.oihw

EPS = 1e-5
LOW = np.uint64(0xFFFFFFFF)
CASES = {}


def philox(c0, c1, c2, c3, key):
    x = [np.asarray(c, dtype=np.uint64) & LOW for c in (c0, c1, c2, c3)]
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = x[0] * np.uint64(0xD2511F53), x[2] * np.uint64(0xCD9E8D57)
        x = [(p1 >> np.uint64(32)) ^ x[1] ^ np.uint64(k0), p1 & LOW,
             (p0 >> np.uint64(32)) ^ x[3] ^ np.uint64(k1), p0 & LOW]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return x


class Rng:
    def __init__(self, key):
        self.key = key

    def fold(self, name):
        data = name.encode()
        state = self.mix(self.key, len(data), 0)
        for at in range(0, len(data), 8):
            state = self.mix(state, int.from_bytes(data[at:at + 8], "little"), 1 + at // 8)
        return Rng(state)

    @staticmethod
    def mix(key, value, position):
        words = philox(value & 0xFFFFFFFF, value >> 32, position, 2, key)
        return int(words[0]) | int(words[1]) << 32

    def uniform(self, shape):
        """In [0, 1), as float64."""
        count = int(np.prod(shape))
        block = np.arange((count + 1) // 2, dtype=np.uint64)
        w = philox(block, block >> np.uint64(32), 0, 0, self.key)
        bits = np.stack([w[0] | w[1] << np.uint64(32), w[2] | w[3] << np.uint64(32)], 1).reshape(-1)[:count]
        return torch.from_numpy(((bits >> np.uint64(11)).astype(np.float64) * 2.0 ** -53).reshape(shape))


class Net:
    """Parameters of one case, drawn when they are first asked for."""

    def __init__(self, name):
        self.rng = Rng(1).fold(name)
        self.parameters = {}

    def draw(self, name, *shape):
        """Uniform on [-1, 1)."""
        return 2 * self.rng.fold(name).uniform(shape) - 1

    def weight(self, name, *shape):
        """Variance 2 / fan in."""
        fan_in = int(np.prod(shape[:-1]))
        return self.leaf(name, (6 / fan_in) ** 0.5 * self.draw(name, *shape))

    def leaf(self, name, values):
        self.parameters[name] = values.requires_grad_()
        return self.parameters[name]

    def linear(self, name, x, out, bias=True):
        w = self.weight(name + ".weight", x.shape[-1], out)
        b = self.leaf(name + ".bias", 0.1 * self.draw(name + ".bias", out)) if bias else None
        return F.linear(x, w.t(), b)

    def conv(self, name, x, out, kernel, stride=1, padding=None, bias=False):
        w = self.weight(name + ".weight", kernel, kernel, x.shape[1], out)
        b = self.leaf(name + ".bias", 0.1 * self.draw(name + ".bias", out)) if bias else None
        return F.conv2d(x, oihw(w), b, stride, kernel // 2 if padding is None else padding)

    def affine(self, name, features):
        return (self.leaf(name + ".weight", 1 + 0.25 * self.draw(name + ".weight", features)),
                self.leaf(name + ".bias", 0.1 * self.draw(name + ".bias", features)))

    def batch_norm(self, name, x):
        gamma, beta = self.affine(name, x.shape[1])
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=EPS)

    def layer_norm(self, name, x):
        gamma, beta = self.affine(name, x.shape[-1])
        return F.layer_norm(x, x.shape[-1:], gamma, beta, EPS)

    def inputs(self, *shape):
        return 3 ** 0.5 * self.draw("x", *shape)

    def images(self, batch, side=32):
        return nchw(self.inputs(batch, side, side, 3))

    def labels(self, classes, *shape):
        return (self.rng.fold("labels").uniform(shape) * classes).long()


def case(build):
    CASES[build.__name__.replace("_", "-")] = build
    return build


def cross_entropy(n, logits, classes):
    return logits, F.cross_entropy(logits, n.labels(classes, logits.shape[0]))


def half_squared_error(n, y):
    target = n.draw("target", *y.shape)
    return y, 0.5 * ((y - target) ** 2).sum(1).mean()

# Multi-layer perceptrons

@case
def mlp_batch(n):
    h = n.inputs(6, 12)
    for layer in (1, 2):
        h = F.relu(n.batch_norm(f"norm{layer}", n.linear(f"fc{layer}", h, 16)))
    return cross_entropy(n, n.linear("fc3", h, 5), 5)

@case
def mlp_layer(n):
    h = n.inputs(6, 12)
    for layer in (1, 2):
        h = F.gelu(n.layer_norm(f"norm{layer}", n.linear(f"fc{layer}", h, 16)))
    return cross_entropy(n, n.linear("fc3", h, 5), 5)

@case
def fc_tail_index(n):
    h = n.inputs(5, 48)
    for layer in (1, 2, 3):
        h = F.relu(n.linear(f"fc{layer}", h, 16, bias=False))
    return cross_entropy(n, n.linear("fc4", h, 10, bias=False), 10)

@case
def deep_linear(n):
    h = n.inputs(5, 6)
    for layer, width in enumerate((8, 8, 8, 3), start=1):
        h = n.linear(f"fc{layer}", h, width, bias=False)
    return half_squared_error(n, h)

@case
def curve_fit(n):
    x = torch.linspace(-1, 1, 20, dtype=torch.float64).reshape(20, 1)
    y = n.linear("fc2", torch.tanh(n.linear("fc1", x, 100)), 1, bias=False)
    target = 16 * x ** 5 - 20 * x ** 3 + 5 * x
    return y, 0.5 * ((y - target) ** 2).sum(1).mean()

@case
def two_layer_linear(n):
    x = n.inputs(6, 10)
    b, o, c = (n.leaf(name, n.draw(name, size)) for name, size in (("b", 4), ("o", 6), ("c", 1)))
    return half_squared_error(n, (x[:, :4] @ b + x[:, 4:] @ o).reshape(6, 1) * c)

# Convolutional networks

@case
def alexnet(n):
    h = F.max_pool2d(F.relu(n.conv("features.conv1", n.images(3), 8, 4, 2, 2, bias=True)), 3, 2)
    h = F.max_pool2d(F.relu(n.conv("features.conv2", h, 8, 5, bias=True)), 3, 2)
    for layer in (3, 4, 5):
        h = F.relu(n.conv(f"features.conv{layer}", h, 8, 3, bias=True))
    h = nhwc(F.max_pool2d(h, 3, 2)).flatten(1)
    h = F.relu(n.linear("fc1", h, 32))
    h = F.relu(n.linear("fc2", h, 32))
    return cross_entropy(n, n.linear("fc3", h, 10), 10)

def vgg(n, norm):
    h = n.images(2)
    layer = 0
    for filters in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0):
        if filters == 0:
            h = F.max_pool2d(h, 2)
            continue
        layer += 1
        h = n.conv(f"conv{layer}", h, filters, 3, bias=True)
        h = F.relu(n.batch_norm(f"norm{layer}", h) if norm else h)
    h = nhwc(h).flatten(1)
    h = F.relu(n.linear("fc1", h, 512))
    h = F.relu(n.linear("fc2", h, 512))
    return cross_entropy(n, n.linear("fc3", h, 10), 10)

@case
def vgg_11(n):
    return vgg(n, False)

@case
def vgg_11_batch_norm(n):
    return vgg(n, True)

def resnet(n, batch, blocks, filters, convolution):
    h = F.relu(n.batch_norm("norm", n.conv("conv", n.images(batch), filters[0], 3)))
    for stage, (count, out) in enumerate(zip(blocks, filters), start=1):
        for block in range(count):
            stride = 2 if stage > 1 and block == 0 else 1
            at = f"stage{stage}.{block}.sum"
            y = F.relu(n.batch_norm(at + ".body.norm1", n.conv(at + ".body.conv1", h, out, 3, stride)))
            y = n.batch_norm(at + ".body.norm2", n.conv(at + ".body.conv2", y, out, 3))
            if stride == 2 and convolution:
                h = n.batch_norm(at + ".projection.norm", n.conv(at + ".projection.conv", h, out, 1, 2))
            elif stride == 2:
                side = (out - h.shape[1]) // 2
                h = F.pad(h[:, :, ::2, ::2], (0, 0, 0, 0, side, side))
            h = F.relu(y + h)
    return cross_entropy(n, n.linear("fc", h.mean((2, 3)), 10), 10)

@case
def resnet_18(n):
    return resnet(n, 2, (2, 2, 2, 2), (64, 128, 256, 512), True)

@case
def resnet_20(n):
    return resnet(n, 3, (3, 3, 3), (16, 32, 64), False)

@case
def resnet_32(n):
    return resnet(n, 2, (5, 5, 5), (16, 32, 64), False)

def wide(n, depth, factor, norm, skip):
    h = n.conv("conv", n.images(3), 16, 3)
    bn = n.batch_norm if norm else lambda name, x: x
    for stage in (1, 2, 3):
        out = 8 * 2 ** stage * factor
        for block in range((depth - 4) // 6):
            stride = 2 if stage > 1 and block == 0 else 1
            same = h.shape[1] == out and stride == 1
            at = f"stage{stage}.{block}"
            pre, rest = at + ".pre", at + ".rest"
            if skip:
                pre = at + (".body.pre" if same else ".pre")
                rest = at + (".body.rest" if same else ".sum.body")
            a = F.relu(bn(pre + ".norm1", h))
            y = n.conv(rest + ".conv1", a, out, 3, stride)
            y = n.conv(rest + ".conv2", F.relu(bn(rest + ".norm2", y)), out, 3)
            if skip:
                y = y + (h if same else n.conv(at + ".sum.projection", a, out, 1, stride))
            h = y
    h = F.relu(bn("norm", h)).mean((2, 3))
    return cross_entropy(n, n.linear("fc", h, 10), 10)

@case
def wrn_16_2(n):
    return wide(n, 16, 2, True, True)

@case
def cnn_16_2(n):
    return wide(n, 16, 2, False, False)

@case
def wrn_10_1_without_norm(n):
    return wide(n, 10, 1, False, True)

@case
def wrn_10_1_without_skip(n):
    return wide(n, 10, 1, True, False)

# Transformers, with PyTorch's own attention

def block(n, at, x, heads, causal):
    d, t = x.shape[-1], x.shape[1]
    h = n.layer_norm(at + ".attention.body.norm", x)
    attention = at + ".attention.body.heads"
    w = n.weight(attention + ".qkv.weight", d, 3 * d)
    b = n.leaf(attention + ".qkv.bias", 0.1 * n.draw(attention + ".qkv.bias", 3 * d))
    wo = n.weight(attention + ".out.weight", d, d)
    bo = n.leaf(attention + ".out.bias", 0.1 * n.draw(attention + ".out.bias", d))
    mask = torch.full((t, t), float("-inf"), dtype=x.dtype).triu(1) if causal else None
    h = h.transpose(0, 1)
    y, _ = F.multi_head_attention_forward(
        h, h, h, d, heads, w.t(), b, None, None, False, 0.0, wo.t(), bo, training=True, need_weights=False,
        attn_mask=mask)
    x = x + y.transpose(0, 1)
    h = n.layer_norm(at + ".mlp.body.norm", x)
    return x + n.linear(at + ".mlp.body.fc2", F.gelu(n.linear(at + ".mlp.body.fc1", h, 4 * d)), d)

@case
def vit(n):
    x = n.conv("patch", n.images(3, 16), 24, 4, 4, 0, bias=True)
    x = nhwc(x).flatten(1, 2)
    x = x + n.leaf("position", 0.5 * n.draw("position", 16, 24))
    for at in ("block1", "block2"):
        x = block(n, at, x, 3, False)
    return cross_entropy(n, n.linear("head", n.layer_norm("norm", x).mean(1), 10), 10)

@case
def gpt(n):
    ids = (n.rng.fold("x").uniform((3, 10)) * 17).long()
    token = n.leaf("token.weight", 0.5 * n.draw("token.weight", 17, 24))
    position = n.leaf("position", 0.5 * n.draw("position", 12, 24))
    x = F.embedding(ids, token) + position[:10]
    for at in ("block1", "block2"):
        x = block(n, at, x, 3, True)
    logits = n.linear("head", n.layer_norm("norm", x), 17, bias=False)
    return logits, F.cross_entropy(logits.transpose(1, 2), n.labels(17, 3, 10))


def main():
    for old in HERE.glob("*.safetensors"):
        old.unlink()
    for name, build in CASES.items():
        net = Net(name)
        y, loss = build(net)
        grads = torch.autograd.grad(loss, list(net.parameters.values()))
        directions = [net.draw("direction/" + p, *g.shape) for p, g in zip(net.parameters, grads)]
        arrays = {
            "out.y": y,
            "out.loss": loss,
            "grad.norm": torch.stack([g.norm() for g in grads]),
            "grad.dot": torch.stack([(g * d).sum() for g, d in zip(grads, directions)]),
        }
        layers.write(HERE / f"{name}.safetensors", arrays, {
            "parameters": " ".join(f"{p}{list(v.shape)}".replace(" ", "") for p, v in net.parameters.items()),
            "size": sum(v.numel() for v in net.parameters.values()),
            "torch": torch.__version__,
        })
        print(name, sum(v.numel() for v in net.parameters.values()), float(loss.detach()))
    (HERE / "cases.txt").write_text("".join(name + "\n" for name in CASES))


if __name__ == "__main__":
    main()
