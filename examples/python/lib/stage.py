"""What the three stages share: the assignment, numbers, progress and files of points."""

import csv
import json
import os


def assignment():
    """What the runner tells this stage: params, inputs, outputs, seed, and more."""
    with open(os.environ["REPRO_STAGE"], encoding="utf-8") as file:
        return json.load(file)


def write_json(path, value):
    """Writes beside, then renames: a stage that is killed leaves no half of a file."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(path + ".new", path)


def progress(step, total, **metrics):
    print("::repro progress", json.dumps({"step": step, "total": total, "metrics": metrics}), flush=True)


def facts(**texts):
    print("::repro facts", json.dumps(texts), flush=True)


def write_points(path, points):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(points)


def read_points(path):
    """Rows of x, y and a label, which is 0 or 1."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(float(x), float(y), int(label)) for x, y, label in csv.reader(file)]
