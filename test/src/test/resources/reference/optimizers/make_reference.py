#!/usr/bin/env python3
"""Writes how PyTorch's optimizers move five weights along given gradients, in float64, as frozen values for our tests.

Run in this directory, with Debian 12's python3-torch (1.13):

    /usr/bin/python3 make_reference.py

Each case is one safetensors file; cases.txt lists them. Arrays:

    in.weights     [5], before the first step
    in.gradients   [10, 5], the gradient of each step, before clipping
    out.rates      [10], the learning rate of each step
    out.weights    [10, 5], after each step
"""
import json
import pathlib
import struct

import torch
from torch.optim import lr_scheduler

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).resolve().parent
STEPS = 10


def constant(optimizer):
    return lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


CASES = {
    "sgd": (lambda w: torch.optim.SGD(w, lr=0.1), constant, None),
    "sgd_decay_clip": (lambda w: torch.optim.SGD(w, lr=0.1, weight_decay=0.3), constant, 1.5),
    "heavy_ball": (lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9), constant, None),
    "heavy_ball_decay": (lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.8, weight_decay=0.3), constant, None),
    "nesterov_decay": (
        lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.3), constant, None),
    "adam": (lambda w: torch.optim.Adam(w, lr=0.1), constant, None),
    "adam_decay": (lambda w: torch.optim.Adam(w, lr=0.1, weight_decay=0.3), constant, None),
    "adamw": (lambda w: torch.optim.AdamW(w, lr=0.1, weight_decay=0.3), constant, None),
    "milestones": (
        lambda w: torch.optim.SGD(w, lr=0.1),
        lambda o: lr_scheduler.MultiStepLR(o, milestones=[3, 7], gamma=0.2), None),
    "cosine": (
        lambda w: torch.optim.SGD(w, lr=0.1),
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=9, eta_min=0.01), None),
}


def trajectory(make, schedule, clip):
    generator = torch.Generator().manual_seed(1)
    start = torch.randn(5, generator=generator)
    gradients = torch.randn(STEPS, 5, generator=generator)
    weights = start.clone().requires_grad_()
    optimizer = make([weights])
    scheduler = schedule(optimizer)
    rates, path = [], []
    for gradient in gradients:
        weights.grad = gradient.clone()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([weights], clip)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
        path.append(weights.detach().clone())
    return {"in.weights": start, "in.gradients": gradients, "out.rates": torch.tensor(rates),
            "out.weights": torch.stack(path)}


def write(name, arrays):
    header, blobs, offset = {"__metadata__": {"torch": torch.__version__}}, [], 0
    for key, tensor in arrays.items():
        blob = tensor.numpy().tobytes()
        header[key] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


for name, recipe in CASES.items():
    write(name, trajectory(*recipe))
(HERE / "cases.txt").write_text("\n".join(CASES) + "\n")
