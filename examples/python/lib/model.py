"""Logistic regression on two features."""

import math


def probability(model, x, y):
    """Of label 1."""
    return 1 / (1 + math.exp(-(model["bias"] + model["x"] * x + model["y"] * y)))


def log_loss(model, points):
    """Mean over the points, in nats."""
    chances = [probability(model, x, y) if label else 1 - probability(model, x, y) for x, y, label in points]
    return -sum(map(math.log, chances)) / len(points)
