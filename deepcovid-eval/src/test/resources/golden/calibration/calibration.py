"""Writes calibration.json: calibration figures by scikit-learn, statsmodels and scipy.

Run in this folder: python3 calibration.py
"""
import json

import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize, minimize_scalar
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss


def sample(seed, cases, slope, shift):
    """Scores whose logits are off by a slope and a shift."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-0.5, 1.5, cases)
    truth = (rng.random(cases) < 1 / (1 + np.exp(-(slope * logit + shift)))).astype(int)
    return truth, 1 / (1 + np.exp(-logit))


CASES = {
    "calibrated": sample(1, 300, 1.0, 0.0),
    "overconfident": sample(2, 400, 0.4, 0.0),
    "timid and too high": sample(3, 250, 2.0, -1.0),
    "rare": sample(4, 500, 1.0, -2.5),
}


def loss(logit, target):
    return np.sum(np.logaddexp(0, logit) - target * logit)


def equal_mass_error(truth, score, bins):
    order = np.argsort(score)
    ends = np.ceil(np.arange(1, bins + 1) * len(score) / bins).astype(int)
    parts = np.split(order, ends[:-1])
    return sum(abs(score[p].sum() - truth[p].sum()) for p in parts) / len(score)


cases = []
for name, (truth, score) in CASES.items():
    logit = np.log(score / (1 - score))
    observed, predicted = calibration_curve(truth, score, n_bins=10)
    index = np.minimum(np.floor(score * 10).astype(int), 9)
    line = sm.Logit(truth, sm.add_constant(logit)).fit(disp=0, tol=1e-14, method="newton")
    shift = sm.GLM(truth, np.ones(len(truth)), offset=logit, family=sm.families.Binomial()).fit(
        tol=1e-14
    )
    inverse = minimize_scalar(lambda a: loss(a * logit, truth), (0.1, 1), tol=1e-14).x
    positives, negatives = truth.sum(), (1 - truth).sum()
    target = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    platt = minimize(
        lambda w: loss(w[0] * logit + w[1], target),
        np.array([1.0, 0.0]),
        jac=lambda w: (lambda r: np.array([r @ logit, r.sum()]))(
            1 / (1 + np.exp(-(w[0] * logit + w[1]))) - target
        ),
        method="BFGS",
        options={"gtol": 1e-11},
    ).x
    histogram = lambda part: np.histogram(part, bins=24, range=(0, 1))[0].tolist()
    cases.append({
        "name": name,
        "truth": "".join(map(str, truth)),
        "scores": score.tolist(),
        "brier": brier_score_loss(truth, score),
        "observed": observed.tolist(),
        "predicted": predicted.tolist(),
        "expectedErrorEqualWidth": sum(
            abs(score[index == b].sum() - truth[index == b].sum()) for b in range(10)
        ) / len(score),
        "expectedErrorEqualMass": equal_mass_error(truth, score, 7),
        "intercept": line.params[0],
        "slope": line.params[1],
        "interceptError": line.bse[0],
        "slopeError": line.bse[1],
        "inTheLarge": shift.params[0],
        "inTheLargeError": shift.bse[0],
        "temperature": 1 / inverse,
        "plattSlope": platt[0],
        "plattIntercept": platt[1],
        "positiveHistogram": histogram(score[truth == 1]),
        "negativeHistogram": histogram(score[truth == 0]),
        "meanOfPositives": score[truth == 1].mean(),
        "meanOfNegatives": score[truth == 0].mean(),
    })

document = {
    "command": "python3 calibration.py",
    "versions": {
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "scipy": scipy.__version__,
    },
    "cases": cases,
}
with open("calibration.json", "w") as out:
    out.write(json.dumps(document).replace('{"name"', '\n{"name"') + "\n")
