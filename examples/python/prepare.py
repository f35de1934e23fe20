"""Draws points of two classes: normal clouds with unit variance, their centres at -distance and +distance on a diagonal."""

import random

from lib.stage import assignment, write_points

stage = assignment()
data = stage["params"]["data"]
# Every random number comes from the seed of the stage.
generator = random.Random(stage["seed"])


def draw(count):
    for index in range(count):
        label = index % 2
        # A whole number such as `distance: 2` is told as 2: convert where the difference counts.
        centre = float(data["distance"]) * (1 if label else -1) / 2**0.5
        yield generator.gauss(centre, 1), generator.gauss(centre, 1), label


write_points(stage["outputs"]["train"], draw(data["train"]))
write_points(stage["outputs"]["test"], draw(data["test"]))
