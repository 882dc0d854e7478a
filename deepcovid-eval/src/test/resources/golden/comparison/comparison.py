"""Writes comparison.json: McNemar tests, Holm corrections and t intervals by other software.

Run in this folder: python3 comparison.py
"""
import json

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

DIFFERING = [(1, 0), (0, 6), (10, 4), (3, 21), (40, 15), (121, 59), (1000, 1100)]
P_VALUES = [
    [0.01, 0.04, 0.03, 0.005],
    [0.5, 0.5, 0.9],
    [0.02],
    [0.0, 1.0, 0.049, 0.049, 1e-8, 0.7],
]
RUNS = [[0.91, 0.93], [0.981, 0.984, 0.979, 0.99, 0.985], [0.5, 0.5, 0.5]]


def discordant(first, second):
    table = [[50, first], [second, 20]]
    return {
        "onlyFirstRight": first,
        "onlySecondRight": second,
        "exact": mcnemar(table, exact=True).pvalue,
        "corrected": mcnemar(table, exact=False, correction=True).pvalue,
    }


def runs(values):
    mean, error = np.mean(values), stats.sem(values)
    lower, upper = (
        stats.t.interval(0.95, len(values) - 1, mean, error) if error > 0 else (mean, mean)
    )
    return {"values": values, "mean": mean, "deviation": np.std(values, ddof=1),
            "lower": lower, "upper": upper}


document = {
    "command": "python3 comparison.py",
    "versions": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__},
    "mcnemar": [discordant(*counts) for counts in DIFFERING],
    "holm": [
        {"pValues": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in P_VALUES
    ],
    "runs": [runs(values) for values in RUNS],
}
with open("comparison.json", "w") as out:
    json.dump(document, out, indent=1)
    out.write("\n")
