"""Accuracy on points that training never saw, with its standard error."""

import json

from lib.model import log_loss, probability
from lib.stage import assignment, read_points, write_json

stage = assignment()
points = read_points(stage["inputs"]["points"])
with open(stage["inputs"]["model"], encoding="utf-8") as file:
    model = json.load(file)

n = len(points)
accuracy = sum((probability(model, x, y) > 0.5) == (label == 1) for x, y, label in points) / n
write_json(
    stage["numbers"],
    {
        "accuracy": {
            "value": accuracy,
            "standardError": (accuracy * (1 - accuracy) / n) ** 0.5,
            "n": n,
            "unit": "1",
            "kind": "estimate",
            "better": "higher",
        },
        "loss": {"value": log_loss(model, points), "n": n, "unit": "nats", "kind": "estimate", "better": "lower"},
    },
)
