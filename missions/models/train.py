#!/usr/bin/python3
"""Trains the risk models of the starter missions, on days that it makes up: train.py [FOLDER]

    /usr/bin/python3 missions/models/train.py missions/models

The same bytes on every machine with XGBoost 1.7 (Debian: python3-xgboost): one thread, exact splits, and data from a
generator with a fixed seed. A firm trains on its own log instead, which keeps every feature that was scored, with the
columns in the mission's order. Columns are what docs/risk.md says they are, None is missing.
"""
import math
import os
import random
import sys

import numpy
import xgboost

USDC = 1_000_000  # base units
TREES, DEPTH, ROWS = 24, 3, 4000


def log2(amount):
    return math.log2(max(1, amount * USDC))


def bill(draw):
    """A day of an agent that pays bills: small sums like the last ones, now and then, by day."""
    first = draw.random() < 0.2
    amount = min(25, draw.lognormvariate(math.log(7), 0.7))
    return [log2(amount), None if first else draw.lognormvariate(0, 0.35),
            0 if first else min(20, int(draw.expovariate(1 / 3))), draw.uniform(7, 19)]


def talked_into(draw):
    """The same agent, talked into it: as much as fits at once, again and again, and often when nobody looks."""
    many = draw.random() < 0.5
    amount = draw.uniform(8, 25)
    return [log2(amount), draw.uniform(3.5, 20) if not many else draw.lognormvariate(0.6, 0.5),
            int(draw.uniform(14, 60)) if many else int(draw.expovariate(1 / 3)),
            draw.uniform(7, 19) if draw.random() < 0.6 else draw.uniform(17, 19)]


def payment(draw):
    """A treasury's month: payments by day, alone or in a run, mostly to whom it has paid before."""
    first = draw.random() < 0.15
    return [log2(draw.lognormvariate(math.log(15000), 0.9)), None if first else draw.lognormvariate(0, 0.5),
            1 if first or draw.random() < 0.05 else 0, int(draw.uniform(0, 20)) if draw.random() < 0.3 else 0,
            draw.uniform(7, 19) if draw.random() < 0.97 else draw.uniform(0, 24),
            draw.choice([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5])]


def emptied(draw):
    """Somebody empties it: far above the usual sums, at night or on a weekend, or to an account that is new to it."""
    night = draw.random() < 0.6
    return [log2(draw.uniform(20000, 50000)), draw.uniform(2.5, 12), 1 if draw.random() < 0.5 else 0,
            int(draw.uniform(0, 20)), draw.choice([draw.uniform(0, 6), draw.uniform(20, 24)]) if night else
            draw.uniform(6, 20), draw.randrange(7) if night else draw.choice([5, 6, draw.randrange(5)])]


MODELS = {
    "ai-agent.json": (bill, talked_into),
    "treasury.json": (payment, emptied),
}


def train(usual, hostile, seed):
    draw = random.Random(seed)
    rows = [(usual(draw), 0) for _ in range(ROWS)] + [(hostile(draw), 1) for _ in range(ROWS // 8)]
    data = numpy.array([[math.nan if x is None else x for x in row] for row, _ in rows], dtype=numpy.float32)
    matrix = xgboost.DMatrix(data, label=numpy.array([label for _, label in rows], dtype=numpy.float32))
    return xgboost.train({"objective": "binary:logistic", "tree_method": "exact", "max_depth": DEPTH, "eta": 0.3,
                          "nthread": 1, "seed": 1, "min_child_weight": 20, "lambda": 2}, matrix, TREES)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for seed, (name, (usual, hostile)) in enumerate(sorted(MODELS.items()), 1):
        train(usual, hostile, seed).save_model(os.path.join(folder, name))
        print(name)


if __name__ == "__main__":
    main()
