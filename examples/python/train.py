"""Stochastic gradient descent, with a checkpoint after every epoch."""

import json
import os
import platform
import random

from lib.model import log_loss, probability
from lib.stage import assignment, facts, progress, read_points, write_json

stage = assignment()
train = stage["params"]["train"]
points = read_points(stage["inputs"]["points"])
facts(python=platform.python_version())

# What lies in scratch/ is found again by the next attempt with the same fingerprint.
checkpoint = "scratch/checkpoint.json"
state = {"epoch": 0, "model": {"bias": 0.0, "x": 0.0, "y": 0.0}, "losses": []}
if os.path.exists(checkpoint):
    with open(checkpoint, encoding="utf-8") as file:
        state = json.load(file)
model = state["model"]

while state["epoch"] < train["epochs"]:
    # An epoch has a seed of its own, so that one who goes on from a checkpoint draws the same.
    order = random.Random(f"{stage['seed']} {state['epoch']}").sample(points, len(points))
    for start in range(0, len(order), train["batch"]):
        batch = order[start : start + train["batch"]]
        errors = [(probability(model, x, y) - label, x, y) for x, y, label in batch]
        model["bias"] -= train["rate"] * sum(error for error, _, _ in errors) / len(batch)
        model["x"] -= train["rate"] * sum(error * x for error, x, _ in errors) / len(batch)
        model["y"] -= train["rate"] * sum(error * y for error, _, y in errors) / len(batch)
    state["epoch"] += 1
    state["losses"].append(log_loss(model, points))
    write_json(checkpoint, state)
    progress(state["epoch"], train["epochs"], loss=state["losses"][-1])

write_json(stage["outputs"]["model"], model)
curve = [[epoch + 1, loss] for epoch, loss in enumerate(state["losses"])]
write_json(
    stage["outputs"]["loss"],
    {
        "title": "Training",
        "x": {"label": "epoch"},
        "y": {"label": "log loss, nats"},
        "series": [{"name": "training points", "points": curve}],
    },
)
loss = {"value": state["losses"][-1], "unit": "nats", "kind": "exact", "better": "lower"}
write_json(stage["numbers"], {"loss": loss})
