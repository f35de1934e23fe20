"""Draws points of the unit square. All random numbers follow from the seed in pipeline.yaml."""

from repro_stage import Stage

stage = Stage()
source = stage.random("points")
with open(stage.outputs["points"], "w") as file:
    for _ in range(stage.params["draw"]["points"]):
        file.write(f"{source.random()},{source.random()}\n")
