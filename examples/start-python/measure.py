"""The share of points within the quarter circle, times four."""

from repro_stage import Stage

stage = Stage()
within = []
for line in open(stage.inputs["points"]):
    x, y = map(float, line.split(","))
    within.append(4 if x * x + y * y < 1 else 0)
stage.report_mean("pi", within, unit="1", note="by the share of points in a quarter circle")
