"""Writes areas.json: areas under ROC curves with DeLong's variances, and partial areas.

The variances follow the definition of DeLong et al. (1988) over all pairs of cases in exact
fractions; partial areas up to a false-positive rate are scikit-learn's. The first case are the 109
ratings of Hanley and McNeil (1982, doi 10.1148/radiology.143.1.7063747, table 1), for which they
print an area of 0.893. Newcombe's limits are roots found by scipy.

Run in this folder: python3 areas.py
"""
import json
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq
from sklearn.metrics import auc, roc_auc_score, roc_curve

Z = NormalDist().inv_cdf(0.975)


def ratings():
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    truth = [0] * sum(normal) + [1] * sum(abnormal)
    score = [r for counts in (normal, abnormal) for r, c in enumerate(counts) for _ in range(c)]
    return np.array(truth), np.array(score, float), None


def models(seed, positives, negatives, shift, digits, noise):
    """Two models whose errors are correlated."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.r_[np.ones(positives, int), np.zeros(negatives, int)])
    common = rng.normal(shift * truth, 1)
    scores = [common + rng.normal(0, n, len(truth)) for n in noise]
    return truth, *(np.round(1 / (1 + np.exp(-s)), digits) for s in scores)


CASES = {
    "Hanley and McNeil's ratings": ratings(),
    "continuous": models(1, 40, 60, 1.5, 15, (0.5, 1.0)),
    "ties": models(2, 30, 50, 1.0, 1, (0.3, 0.6)),
    "few positives": models(3, 2, 90, 1.5, 3, (0.5, 0.8)),
    "excellent": models(4, 60, 100, 4.0, 6, (0.1, 0.9)),
}


def placements(truth, score):
    positive = [Fraction(s) for s in score[truth == 1].tolist()]
    negative = [Fraction(s) for s in score[truth == 0].tolist()]

    def wins(p, n):
        return Fraction(1) if p > n else Fraction(1, 2) if p == n else Fraction(0)

    v10 = [sum(wins(p, n) for n in negative) / len(negative) for p in positive]
    v01 = [sum(wins(p, n) for p in positive) / len(positive) for n in negative]
    return v10, v01


def covariance(a, b):
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    return sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b)) / (len(a) - 1)


def newcombe(area, positives, negatives, end):
    mates = (positives + negatives) / 2 - 1

    def excess(t):
        shape = (1 - t) / (2 - t) + t / (1 + t)
        variance = t * (1 - t) * (1 + mates * shape) / (positives * negatives)
        return (t - area) ** 2 - Z**2 * variance

    inner = area + (1e-12 if end else -1e-12)
    return brentq(excess, inner, end, xtol=1e-15) if excess(end) > 0 else float(end)


def partial_by_sensitivity(fpr, tpr, low, high):
    """Integral of the specificity over the sensitivity, by the trapezoidal rule with the ends."""
    x = np.unique(np.r_[tpr[(tpr > low) & (tpr < high)], low, high])
    total = 0.0
    for left, right in zip(x[:-1], x[1:]):
        i = np.searchsorted(tpr, left, side="right") - 1  # last point at or before the left end
        share = lambda t: fpr[i] + (t - tpr[i]) / (tpr[i + 1] - tpr[i]) * (fpr[i + 1] - fpr[i])
        total += (right - left) * (1 - (share(left) + share(right)) / 2)
    return total


cases = []
for name, (truth, first, second) in CASES.items():
    a = placements(truth, first)
    positives, negatives = len(a[0]), len(a[1])
    area = sum(a[0]) / positives
    variance = covariance(a[0], a[0]) / positives + covariance(a[1], a[1]) / negatives
    fpr, tpr, _ = roc_curve(truth, first, drop_intermediate=False)
    error, logit = float(variance) ** 0.5, np.log(float(area / (1 - area)))
    spread = Z * error / float(area * (1 - area))
    case = {
        "name": name,
        "truth": "".join(map(str, truth)),
        "first": first.tolist(),
        "auc": float(area),
        "variance": float(variance),
        "logitLower": 1 / (1 + np.exp(spread - logit)),
        "logitUpper": 1 / (1 + np.exp(-spread - logit)),
        "newcombeLower": newcombe(float(area), positives, negatives, 0),
        "newcombeUpper": newcombe(float(area), positives, negatives, 1),
        "standardisedBelowTenPercent": roc_auc_score(truth, first, max_fpr=0.1),
        "standardisedBelowThirtyPercent": roc_auc_score(truth, first, max_fpr=0.3),
        "fromNinetyPercentSensitivity": partial_by_sensitivity(fpr, tpr, 0.9, 1.0),
        "wholeBySensitivity": auc(tpr, 1 - fpr),
    }
    if second is not None:
        b = placements(truth, second)
        difference = area - sum(b[0]) / positives
        spread = sum(
            (covariance(p, p) + covariance(q, q) - 2 * covariance(p, q)) / len(p)
            for p, q in zip(a, b)
        )
        z = float(difference) / float(spread) ** 0.5
        case |= {
            "second": second.tolist(),
            "difference": float(difference),
            "varianceOfDifference": float(spread),
            "pValue": 2 * scipy.stats.norm.sf(abs(z)),
        }
    cases.append(case)

document = {
    "command": "python3 areas.py",
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
    "cases": cases,
}
with open("areas.json", "w") as out:
    out.write(json.dumps(document).replace('{"name"', '\n{"name"') + "\n")
