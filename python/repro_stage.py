"""The kit for stages of repro that are written in Python: one file, nothing but the standard library.

In a stage::

    from repro_stage import Stage

    stage = Stage()
    rows = open(stage.inputs["table"]).readlines()
    losses = train(rows, rate=stage.params["train"]["rate"], random=stage.random("batches"))
    stage.report_mean("loss", losses, unit="nats", better="lower")

Elsewhere, over what runs have reported::

    import repro_stage
    table = repro_stage.frame("artifacts/manifest.json")  # a pandas DataFrame

What a stage is given and what it must leave is docs/stage-protocol.md of repro.
"""

import atexit
import contextlib
import hashlib
import json
import math
import os
import pathlib
import random
import re
import tempfile
import time

__version__ = "0.1.0"
__all__ = ["Stage", "frame", "numbers"]

_number_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\Z")
_least_seconds_between_progress = 0.1


class Stage:
    """The stage that this program is, as `REPRO_STAGE` describes it.

    Raises RuntimeError where no stage runs.
    """

    def __init__(self):
        path = os.environ.get("REPRO_STAGE")
        if path is None:
            raise RuntimeError("This is a stage: start it with `repro run` (REPRO_STAGE is not set)")
        with open(path, encoding="utf-8") as file:
            assignment = json.load(file)
        if assignment["protocol"] != 1:
            raise RuntimeError(f"repro_stage {__version__} knows protocol 1, not {assignment['protocol']}")
        self.name = assignment["stage"]
        #: Values of the matrix's axes by name.
        self.cell = assignment["cell"]
        #: A whole number below 2^48, of this stage and cell. `random` and `generator` follow from it.
        self.seed = assignment["seed"]
        #: Cores to use.
        self.threads = assignment["threads"]
        #: The declared parameters, nested as in the pipeline file.
        self.params = assignment["params"]
        #: Paths by name: one, a list for a gathered input, None for an optional one that is absent.
        self.inputs = _Declared("input", {name: _path(value) for name, value in assignment["inputs"].items()})
        #: Of inputs declared with `cells`, by name: the axes of each file, in the order of its paths.
        self.labels = _Declared("labelled input", assignment.get("labels", {}))
        #: Paths to write to, by name. Their folders exist.
        self.outputs = _Declared("output", {name: _path(value) for name, value in assignment["outputs"].items()})
        #: Folder whose files the next attempt finds, when this one fails or is killed.
        self.scratch = pathlib.Path(path).parent / "scratch"
        self._numbers_file = assignment.get("numbers")
        self._numbers = {}
        self._progress_at = -math.inf

    def random(self, purpose, step=0):
        """A `random.Random` of this stage's seed, a purpose, and a step.

        Take a new one for each step: then no number depends on what was drawn before it, and a stage that goes on from a
        checkpoint draws what it would have drawn.
        """
        return random.Random(int.from_bytes(self._key(purpose, step), "big"))

    def generator(self, purpose, step=0):
        """A `numpy.random.Generator` (Philox, counter-based) of this stage's seed, a purpose, and a step."""
        import numpy

        return numpy.random.Generator(numpy.random.Philox(key=int.from_bytes(self._key(purpose, step)[:16], "big")))

    def _key(self, purpose, step):
        return hashlib.sha256(json.dumps([self.seed, str(purpose), int(step)]).encode()).digest()

    def report(self, name, value, *, unit="1", kind=None, standard_error=None, n=None, better=None, note=None):
        """Reports a number. It counts when the program ends with exit code 0.

        unit: such as "nats" or "images"; by default "1", a pure number. kind: "exact", "estimate", "upper-bound" or "timing"; by
        default an estimate where there is a standard error, else exact. better: "lower" or "higher".
        Raises ValueError for a number that is not finite, or a name that is none or was reported.
        """
        if self._numbers_file is None:
            raise ValueError(f'Stage "{self.name}" declares no file of numbers: numbers: numbers.json')
        if not _number_name.match(name):
            raise ValueError(f'"{name}" is no name of a number: letters, digits, - and _, in parts with dots between')
        if name in self._numbers:
            raise ValueError(f'The number "{name}" was reported before')
        number = {
            "value": _finite(name, value),
            "unit": unit,
            "kind": kind or ("exact" if standard_error is None else "estimate"),
            "standardError": None if standard_error is None else _finite(name, standard_error),
            "n": None if n is None else int(n),
            "better": better,
            "note": note,
        }
        if not self._numbers:
            atexit.register(self._write_numbers)
        self._numbers[name] = {key: each for key, each in number.items() if each is not None}

    def report_mean(self, name, values, **more):
        """Reports the mean of independent values, and its standard error from their spread (n - 1 degrees of freedom).

        more: as for `report`. Returns (mean, standard error, n). Raises ValueError for fewer than two values.
        """
        numbers = [_finite(name, value) for value in values]
        n = len(numbers)
        if n < 2:
            raise ValueError(f'The mean "{name}" is of {n} values: its error needs two or more')
        mean = math.fsum(numbers) / n
        standard_error = math.sqrt(math.fsum((value - mean) ** 2 for value in numbers) / (n - 1) / n)
        self.report(name, mean, standard_error=standard_error, n=n, **more)
        return mean, standard_error, n

    def progress(self, step, total, **metrics):
        """Shows how far the stage is, and metrics such as loss=0.2. Cheap at every step."""
        now = time.monotonic()
        if step < total and now < self._progress_at + _least_seconds_between_progress:
            return
        self._progress_at = now
        line = {"step": int(step), "total": int(total)}
        # Infinity and NaN are no JSON, and tell nothing on the screen that the log does not.
        finite = {name: float(value) for name, value in metrics.items() if math.isfinite(float(value))}
        if finite:
            line["metrics"] = finite
        print("::repro progress", json.dumps(line), flush=True)

    def facts(self, **facts):
        """States how the stage computes, such as device="cuda". Facts go into the record, never into a fingerprint."""
        print("::repro facts", json.dumps({name: str(value) for name, value in facts.items()}), flush=True)

    @contextlib.contextmanager
    def checkpoint(self, name):
        """A path to write to, which replaces `scratch/NAME` when all is written::

            with stage.checkpoint("model.pt") as path:
                torch.save(model, path)
        """
        target = self.scratch / name
        file, temporary = tempfile.mkstemp(prefix=".repro-tmp-", suffix=target.suffix, dir=self.scratch)
        os.close(file)
        try:
            yield pathlib.Path(temporary)
            with open(temporary, "rb+") as written:
                os.fsync(written.fileno())
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise

    def _write_numbers(self):
        with open(self._numbers_file, "w", encoding="utf-8") as file:
            json.dump(self._numbers, file, allow_nan=False)


class _Declared(dict):
    def __init__(self, kind, entries):
        super().__init__(entries)
        self._kind = kind

    def __missing__(self, name):
        raise KeyError(f'There is no {self._kind} "{name}"; declared: {", ".join(self) or "none"}')


def _path(value):
    if value is None:
        return None
    return [pathlib.Path(each) for each in value] if isinstance(value, list) else pathlib.Path(value)


def _finite(name, value):
    number = value if isinstance(value, int) and not isinstance(value, bool) else float(value)
    if not math.isfinite(number):
        raise ValueError(f'The number "{name}" is {number}, which is not finite')
    return number


def numbers(*manifests):
    """The numbers of runs as a list of dicts, a row each: run, profile, commit, address, stage, the cell's axes, and the number.

    manifests: paths, such as "artifacts/manifest.json" or those in ".repro/manifests".
    """
    rows = []
    for path in manifests:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        if not str(manifest.get("format")).startswith("repro.manifest/"):
            raise ValueError(f"{path} is no manifest of repro")
        run = {
            "run": manifest["run"]["id"],
            "profile": manifest["pipeline"]["profile"],
            "commit": (manifest["git"] or {}).get("commit"),
        }
        cells = {stage["id"]: stage for stage in manifest["stages"]}
        for entry in manifest["numbers"]:
            stage = cells[entry["stage"]]
            number = entry["number"]
            rows.append(
                {
                    **run,
                    "address": entry["address"],
                    "stage": stage["stage"],
                    **stage["cell"],
                    "name": entry["name"],
                    "value": number["value"],
                    "standard_error": number.get("standardError"),
                    "n": number.get("n"),
                    "unit": number["unit"],
                    "kind": number["kind"],
                }
            )
    return rows


def frame(*manifests):
    """The same as a pandas DataFrame."""
    import pandas

    return pandas.DataFrame(numbers(*manifests))
