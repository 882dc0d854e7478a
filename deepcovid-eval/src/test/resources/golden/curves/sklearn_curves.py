"""Writes sklearn-curves.json: ROC and precision-recall curves as scikit-learn computes them.

Run in this folder: python3 sklearn_curves.py
The expected values were made with the versions that the JSON file names.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

warnings.simplefilter("error")


def normal(seed, positives, negatives, shift, digits=None):
    """Two overlapping normals through a sigmoid, rows shuffled, optionally rounded."""
    rng = np.random.default_rng(seed)
    truth = np.r_[np.ones(positives, int), np.zeros(negatives, int)]
    score = 1 / (1 + np.exp(-rng.normal(shift * truth - shift / 2, 1.5)))
    order = rng.permutation(len(truth))
    score = score if digits is None else np.round(score, digits)
    return truth[order], score[order]


def logits(seed, positives, negatives):
    truth, score = normal(seed, positives, negatives, 2.0)
    return truth, np.log(score / (1 - score))


def saturated(seed):
    truth, score = normal(seed, 60, 90, 2.5)
    score = np.where(score > 0.7, 1.0, np.where(score < 0.3, 0.0, score))
    return truth, score


def neighbours(seed):
    """Scores that differ in the last bits only."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, 80), 1 - rng.integers(0, 30, 80) * 2.0**-53


def single(seed):
    truth, score = normal(seed, 60, 300, 3.0)
    return truth, score.astype(np.float32).astype(float)


CASES = {
    "four cases by hand": (np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])),
    "continuous": normal(1, 60, 140, 2.0),
    "heavy ties": normal(2, 120, 180, 1.5, digits=1),
    "all tied": (np.array([0, 1, 1, 0, 0, 0, 1]), np.full(7, 0.5)),
    "extreme imbalance": normal(3, 3, 1500, 2.0),
    "perfect": (np.array([0, 1, 0, 1, 1, 0]), np.array([0.2, 0.9, 0.1, 0.8, 0.7, 0.3])),
    "reversed": (np.array([1, 0, 1, 0, 0, 1]), np.array([0.2, 0.9, 0.1, 0.8, 0.7, 0.3])),
    "single positive": normal(4, 1, 50, 1.0),
    "single negative": normal(5, 50, 1, 1.0),
    "one of each, tied": (np.array([0, 1]), np.array([0.25, 0.25])),
    "three digits": normal(6, 200, 300, 2.0, digits=3),
    "five thousand": normal(7, 1200, 3800, 2.5, digits=3),
    "exact zeros and ones": saturated(8),
    "last bits": neighbours(9),
    "logits": logits(10, 70, 130),
    "no skill": normal(11, 150, 150, 0.0),
    "single precision": single(12),
}


def expected(truth, score):
    fpr, tpr, roc_thresholds = roc_curve(truth, score, drop_intermediate=False)
    precision, recall, pr_thresholds = precision_recall_curve(truth, score)
    return {
        "truth": "".join(str(t) for t in truth),
        "scores": score.tolist(),
        "rocThresholds": roc_thresholds[1:].tolist(),  # without scikit-learn's max + 1
        "falsePositiveRate": fpr.tolist(),
        "sensitivity": tpr.tolist(),
        "auc": roc_auc_score(truth, score),
        "prThresholds": pr_thresholds.tolist(),
        "precision": precision[:-1].tolist(),  # without the point that no threshold attains
        "recall": recall[:-1].tolist(),
        "averagePrecision": average_precision_score(truth, score),
    }


document = {
    "command": "python3 sklearn_curves.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "cases": [{"name": n, **expected(t, s)} for n, (t, s) in CASES.items()],
}
with open("sklearn-curves.json", "w") as out:
    text = json.dumps(document, separators=(",", ":"))
    out.write(text.replace('{"name"', '\n{"name"') + "\n")
