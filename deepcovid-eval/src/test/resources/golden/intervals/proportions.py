"""Writes proportions.json: binomial intervals as statsmodels computes them.

Run in this folder: python3 proportions.py
"""
import json

import scipy
import statsmodels
from statsmodels.stats.proportion import proportion_confint

METHODS = {
    "WILSON": "wilson",
    "CLOPPER_PEARSON": "beta",
    "AGRESTI_COULL": "agresti_coull",
    "JEFFREYS": "jeffreys",
    "WALD": "normal",
}
COUNTS = [
    (0, 1), (1, 1), (1, 2), (0, 10), (10, 10), (3, 10), (59, 60), (60, 60), (98, 100), (5, 100),
    (2970, 3000), (1, 3000), (499_999, 1_000_000), (999_990, 1_000_000),
]

cases = []
for name, method in METHODS.items():
    for successes, total in COUNTS:
        for level in (0.8, 0.95, 0.999):
            lower, upper = proportion_confint(successes, total, 1 - level, method)
            cases.append({"method": name, "successes": successes, "total": total,
                          "level": level, "lower": float(lower), "upper": float(upper)})

document = {
    "command": "python3 proportions.py",
    "versions": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__},
    "cases": cases,
}
with open("proportions.json", "w") as out:
    out.write(json.dumps(document).replace('{"method"', '\n{"method"') + "\n")
