"""Writes classes.json: measures of three and more classes as scikit-learn computes them.

Run in this folder: python3 classes.py
The expected values were made with the versions that the JSON file names.
"""
import json

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    classification_report,
    confusion_matrix,
    roc_auc_score,
)


def softmax(seed, cases, shift, digits=None):
    """Normal logits of one class each, raised for the true one, rows shuffled."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(len(cases)), cases))
    logits = rng.normal(size=(len(truth), len(cases)))
    logits[np.arange(len(truth)), truth] += shift
    score = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if digits is not None:  # sums stay 1: the last class takes the rest
        score = np.round(score, digits)
        score[:, -1] = np.round(1 - score[:, :-1].sum(axis=1), digits).clip(0)
        score /= score.sum(axis=1, keepdims=True)
    return truth, score


def never_predicted():
    truth, score = softmax(4, [20, 20, 5], 1.0)
    score[:, 2] *= 0.001
    return truth, score / score.sum(axis=1, keepdims=True)


CASES = {
    "three classes": softmax(1, [30, 20, 10], 1.5),
    "four classes, ties": softmax(2, [25, 15, 10, 8], 1.0, digits=1),
    "separated": softmax(3, [8, 6, 4], 30.0),
    "a class that is never predicted": never_predicted(),
    "two classes": softmax(5, [40, 25], 1.0),
}


def averages(name, truth, score, report):
    line = report[f"{name} avg"]
    ranked = score if score.shape[1] > 2 else score[:, 1]
    one_hot = np.eye(score.shape[1])[truth]
    return {
        "PRECISION": line["precision"],
        "RECALL": line["recall"],
        "F1": line["f1-score"],
        "AUC": roc_auc_score(truth, ranked, multi_class="ovr", average=name),
        "AVERAGE_PRECISION": average_precision_score(one_hot, score, average=name),
    }


def expected(truth, score):
    predicted = score.argmax(axis=1)
    report = classification_report(truth, predicted, output_dict=True, zero_division=0)
    classes = range(score.shape[1])
    return {
        "truth": truth.tolist(),
        "scores": score.tolist(),
        "confusion": confusion_matrix(truth, predicted).tolist(),
        "PRECISION": [report[str(c)]["precision"] for c in classes],
        "RECALL": [report[str(c)]["recall"] for c in classes],
        "F1": [report[str(c)]["f1-score"] for c in classes],
        "AUC": [roc_auc_score(truth == c, score[:, c]) for c in classes],
        "AVERAGE_PRECISION": [average_precision_score(truth == c, score[:, c]) for c in classes],
        "MACRO": averages("macro", truth, score, report),
        "WEIGHTED": averages("weighted", truth, score, report),
        "accuracy": accuracy_score(truth, predicted),
        "balancedAccuracy": balanced_accuracy_score(truth, predicted),
    }


document = {
    "command": "python3 classes.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "cases": [{"name": n, **expected(t, s)} for n, (t, s) in CASES.items()],
}
with open("classes.json", "w") as out:
    text = json.dumps(document, separators=(",", ":"))
    out.write(text.replace('{"name"', '\n{"name"') + "\n")
