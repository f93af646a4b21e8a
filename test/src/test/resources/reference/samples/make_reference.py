#!/usr/bin/env python3
"""Writes the gradient of every sample's loss, by a loop over samples in PyTorch in float64, as frozen values for our tests.

Run in this directory, with Debian 12's python3-torch (1.13):

    /usr/bin/python3 make_reference.py

Each case is one safetensors file; cases.txt lists them. All layouts are ours: activations NHWC, convolution weights
[KH, KW, C, O], linear weights [in, out]. Arrays:

    in.NAME          an input, parameter or statistic; I32 for labels
    leaf.NAME        [B, parameter...]: row i is the gradient of loss i with respect to in.NAME
    out.losses       [B] cross-entropies, not averaged
    out.norms        [B] lengths of the gradients
    out.gram         [B, B] their inner products
    v.NAME, out.dot  a direction in parameter space, and the inner product of each gradient with it

The attribute `coupling` says what a row is where samples meet in batch norm: frozen (running statistics), exact (derivative of
loss i through the batch's statistics), contribution (what comes through sample i's own activations of the summed loss: each
use of a parameter is given a copy for every sample).

Floating inputs are multiples of 1/1024. Every case draws from its own generator, seeded by its family's name.
"""
import json
import pathlib
import struct
import zlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)

HERE = pathlib.Path(__file__).resolve().parent
CASES = []


def grid(values):
    return (values * 1024).round() / 1024


class Case:
    """Inputs drawn for one family; rows of gradients computed from a function of parameters."""

    def __init__(self, name, family, coupling="frozen"):
        self.name = name
        self.coupling = coupling
        self.generator = torch.Generator().manual_seed(zlib.crc32(family.encode()))
        self.arrays = {}
        self.leaves = {}

    def draw(self, *shape, scale=1.0, offset=0.0):
        return grid(torch.randn(shape, generator=self.generator) * scale + offset)

    def data(self, name, *shape):
        self.arrays["in." + name] = self.draw(*shape)
        return self.arrays["in." + name]

    def labels(self, bound, *shape):
        self.arrays["in.labels"] = torch.randint(bound, shape, generator=self.generator)
        return self.arrays["in.labels"]

    def weight(self, name, *shape, scale=1.0, offset=0.0):
        self.leaves[name] = self.draw(*shape, scale=scale, offset=offset)
        self.arrays["in." + name] = self.leaves[name]

    def statistic(self, name, values):
        self.arrays["in." + name] = values

    def finish(self, rows, losses):
        """rows: per sample a dict of gradients."""
        samples = len(rows)
        names = list(self.leaves)
        flat = torch.stack([torch.cat([row[n].reshape(-1) for n in names]) for row in rows])
        for n in names:
            self.arrays["leaf." + n] = torch.stack([row[n] for row in rows])
        direction = {n: self.draw(*self.leaves[n].shape) for n in names}
        for n in names:
            self.arrays["v." + n] = direction[n]
        v = torch.cat([direction[n].reshape(-1) for n in names])
        self.arrays["out.losses"] = losses.detach()
        self.arrays["out.norms"] = flat.norm(dim=1)
        self.arrays["out.gram"] = flat @ flat.t()
        self.arrays["out.dot"] = flat @ v
        assert flat.shape[0] == samples
        write(HERE / f"{self.name}.safetensors", self.arrays, {"coupling": self.coupling, "torch": torch.__version__})
        CASES.append(self.name)

    def loop(self, loss):
        """Rows by one backward pass for each sample; loss(parameters) gives [B] losses."""
        leaves = {n: w.clone().requires_grad_() for n, w in self.leaves.items()}
        losses = loss(leaves)
        rows = []
        for i in range(losses.shape[0]):
            grads = torch.autograd.grad(losses[i], list(leaves.values()), retain_graph=True, allow_unused=True)
            rows.append({n: torch.zeros_like(w) if g is None else g for (n, w), g in zip(leaves.items(), grads)})
        self.finish(rows, losses)

    def contributions(self, loss, samples):
        """Rows by giving each sample its own copy of every parameter: loss(copies [B, ...]) gives [B] losses."""
        copies = {n: w.expand(samples, *w.shape).clone().requires_grad_() for n, w in self.leaves.items()}
        losses = loss(copies)
        grads = torch.autograd.grad(losses.sum(), list(copies.values()))
        rows = [{n: g[i] for n, g in zip(copies, grads)} for i in range(samples)]
        self.finish(rows, losses)


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


def cross_entropy(logits, labels):
    return F.cross_entropy(logits, labels, reduction="none")


def mlp():
    c = Case("mlp", "mlp")
    x, labels = c.data("x", 6, 7), c.labels(4, 6)
    sizes = [7, 9, 8, 4]
    for k in range(3):
        c.weight(f"fc{k + 1}.w", sizes[k], sizes[k + 1], scale=sizes[k] ** -0.5)
        c.weight(f"fc{k + 1}.bias", sizes[k + 1], scale=0.1)

    def loss(p):
        h = x
        for k in (1, 2, 3):
            h = F.linear(h, p[f"fc{k}.w"].t(), p[f"fc{k}.bias"])
            h = torch.tanh(h) if k < 3 else h
        return cross_entropy(h, labels)

    c.loop(loss)


def cnn():
    c = Case("cnn", "cnn")
    x, labels = c.data("x", 5, 7, 6, 2), c.labels(3, 5)
    c.weight("conv1.w", 3, 3, 2, 4, scale=18 ** -0.5)
    c.weight("conv1.bias", 4, scale=0.1)
    c.weight("conv2.w", 3, 3, 2, 6, scale=18 ** -0.5)
    c.weight("conv3.w", 2, 3, 6, 3, scale=36 ** -0.5)
    c.weight("fc.w", 3, 3, scale=0.5)
    c.weight("fc.bias", 3, scale=0.1)

    def loss(p):
        h = x.permute(0, 3, 1, 2)
        h = torch.tanh(F.conv2d(h, p["conv1.w"].permute(3, 2, 0, 1), p["conv1.bias"], stride=1, padding=1))
        h = torch.tanh(F.conv2d(h, p["conv2.w"].permute(3, 2, 0, 1), stride=2, padding=1, groups=2))
        h = torch.tanh(F.conv2d(h, p["conv3.w"].permute(3, 2, 0, 1), dilation=1, padding=0))
        return cross_entropy(F.linear(h.mean((2, 3)), p["fc.w"].t(), p["fc.bias"]), labels)

    c.loop(loss)


def residual(coupling):
    """Batch norm, tanh, conv; batch norm, tanh, conv of stride 1; plus the input; global mean, linear."""
    samples, channels = 5, 3
    c = Case("residual_" + coupling, "residual", coupling)
    x, labels = c.data("x", samples, 5, 5, 2), c.labels(3, samples)
    c.weight("stem.w", 3, 3, 2, channels, scale=18 ** -0.5)
    for k in (1, 2):
        c.weight(f"norm{k}.gamma", channels, scale=0.25, offset=1)
        c.weight(f"norm{k}.beta", channels, scale=0.25)
        c.weight(f"conv{k}.w", 3, 3, channels, channels, scale=27 ** -0.5)
        c.statistic(f"norm{k}.mean", c.draw(channels, scale=0.25))
        c.statistic(f"norm{k}.variance", c.draw(channels, scale=0.125, offset=1).abs())
    c.weight("fc.w", channels, 3, scale=0.5)
    c.weight("fc.bias", 3, scale=0.1)

    def conv(h, w):
        """Shared weights [KH, KW, I, O], or copies [B, KH, KW, I, O] as groups."""
        if w.dim() == 4:
            return F.conv2d(h, w.permute(3, 2, 0, 1), padding=1)
        b, _, hh, ww = h.shape
        kernels = w.permute(0, 4, 3, 1, 2).reshape(-1, w.shape[3], w.shape[1], w.shape[2])
        return F.conv2d(h.reshape(1, -1, hh, ww), kernels, padding=1, groups=b).reshape(b, -1, hh, ww)

    def channelwise(p):
        return p.reshape(1, -1, 1, 1) if p.dim() == 1 else p.reshape(p.shape[0], -1, 1, 1)

    def norm(h, p, k):
        if coupling == "frozen":
            mean = c.arrays[f"in.norm{k}.mean"].reshape(1, -1, 1, 1)
            variance = c.arrays[f"in.norm{k}.variance"].reshape(1, -1, 1, 1)
        else:
            mean = h.mean((0, 2, 3), keepdim=True)
            variance = ((h - mean) ** 2).mean((0, 2, 3), keepdim=True)
        standard = (h - mean) / torch.sqrt(variance + 1e-5)
        return standard * channelwise(p[f"norm{k}.gamma"]) + channelwise(p[f"norm{k}.beta"])

    def loss(p):
        stem = conv(x.permute(0, 3, 1, 2), p["stem.w"])
        h = stem
        for k in (1, 2):
            h = conv(torch.tanh(norm(h, p, k)), p[f"conv{k}.w"])
        pooled = torch.tanh(stem + h).mean((2, 3))
        w, b = p["fc.w"], p["fc.bias"]
        logits = pooled @ w + b if w.dim() == 2 else torch.einsum("bi,bio->bo", pooled, w) + b
        return cross_entropy(logits, labels)

    if coupling == "contribution":
        c.contributions(loss, samples)
    else:
        c.loop(loss)


def transformer():
    """Token and position embedding, a pre-norm block with two heads and a GELU feed-forward layer, a tied head."""
    samples, tokens, width, vocabulary, heads = 4, 6, 8, 11, 2
    c = Case("transformer", "transformer")
    c.arrays["in.ids"] = torch.randint(vocabulary, (samples, tokens), generator=c.generator)
    c.arrays["in.ids"][0, :] = 3
    ids, labels = c.arrays["in.ids"], c.labels(vocabulary, samples, tokens)
    c.weight("tokens", vocabulary, width, scale=0.5)
    c.weight("positions", tokens, width, scale=0.25)
    for k in (1, 2, 3):
        c.weight(f"norm{k}.gamma", width, scale=0.25, offset=1)
        c.weight(f"norm{k}.beta", width, scale=0.25)
    c.weight("qkv.w", width, 3 * width, scale=width ** -0.5)
    c.weight("qkv.bias", 3 * width, scale=0.1)
    c.weight("out.w", width, width, scale=width ** -0.5)
    c.weight("up.w", width, 2 * width, scale=width ** -0.5)
    c.weight("up.bias", 2 * width, scale=0.1)
    c.weight("down.w", 2 * width, width, scale=(2 * width) ** -0.5)

    def norm(h, p, k):
        return F.layer_norm(h, (width,), p[f"norm{k}.gamma"], p[f"norm{k}.beta"], 1e-5)

    def loss(p):
        h = F.embedding(ids, p["tokens"]) + p["positions"]
        qkv = (norm(h, p, 1) @ p["qkv.w"] + p["qkv.bias"]).reshape(samples, tokens, 3, heads, width // heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(2, 3) / (width // heads) ** 0.5
        scores = scores.masked_fill(torch.ones(tokens, tokens).triu(1).bool(), float("-inf"))
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(samples, tokens, width)
        h = h + mixed @ p["out.w"]
        h = h + F.gelu(norm(h, p, 2) @ p["up.w"] + p["up.bias"]) @ p["down.w"]
        logits = norm(h, p, 3) @ p["tokens"].t()
        return F.cross_entropy(logits.transpose(1, 2), labels, reduction="none").mean(1)

    c.loop(loss)


def main():
    for old in HERE.glob("*.safetensors"):
        old.unlink()
    mlp()
    cnn()
    for coupling in ("frozen", "exact", "contribution"):
        residual(coupling)
    transformer()
    (HERE / "cases.txt").write_text("".join(name + "\n" for name in CASES))


if __name__ == "__main__":
    main()
