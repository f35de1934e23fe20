import csv, json, os, random, statistics

stage = json.load(open(os.environ["REPRO_STAGE"]))
rows = list(csv.DictReader(open(stage["inputs"]["table"])))
points = [(int(row["year"]), float(row["days"])) for row in rows]
generator = random.Random(stage["seed"])
slopes = []
for _ in range(stage["params"]["trend"]["resamples"]):
    drawn = generator.choices(points, k=len(points))
    if len({year for year, _ in drawn}) > 1:
        slopes.append(statistics.linear_regression(*zip(*drawn)).slope)
line = statistics.linear_regression(*zip(*points))
json.dump({"slope": line.slope, "intercept": line.intercept}, open(stage["outputs"]["line"], "w"))
slope = {
    "value": line.slope,
    "standardError": statistics.stdev(slopes),
    "unit": "days/year",
    "kind": "estimate",
    "n": len(points),
}
json.dump({"slope": slope}, open(stage["numbers"], "w"))
