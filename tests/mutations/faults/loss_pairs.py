"""Faults in the losses of margins, pairs and triplets."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

HINGE, FOCAL, METRIC = (
    "ops/loss/hinge.py",
    "ops/loss/focal.py",
    "ops/loss/metric.py",
)

FAULTS = [
    Fault(
        "the hinge wants no margin",
        HINGE,
        "lack = np.maximum(1 - y * z, 0)",
        "lack = np.maximum(-y * z, 0)",
        oracle("hinge_loss"),
    ),
    Fault(
        "the hinge pulls at the corner",
        HINGE,
        "np.where(lack > 0, -y, 0)",
        "np.where(lack >= 0, -y, 0)",
        differences("hinge_loss"),
    ),
    Fault(
        "a rounded hinge's slope loses the side",
        HINGE,
        "(scale * dloss) * (-y * q)",
        "(scale * dloss) * (-q)",
        differences("soft_margin_loss"),
    ),
    Fault(
        "the rounded hinge overflows",
        HINGE,
        "losses = np.maximum(-u, 0) + np.log1p(e)",
        "losses = np.log1p(np.exp(-u))",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "the true class lacks a margin to itself",
        HINGE,
        "    lack[i, labels] = 0\n",
        "",
        oracle("multi_margin_loss"),
    ),
    Fault(
        "the true score is not raised",
        HINGE,
        "dz[i, labels] = -dz.sum(axis=1)",
        "dz[i, labels] = dz.sum(axis=1)",
        differences("multi_margin_loss"),
    ),
    Fault(
        "the focal loss turns the wrong answers down",
        FOCAL,
        "turned_down = alphas * q**gamma",
        "turned_down = alphas * (1 - q)**gamma",
        oracle("sigmoid_focal_loss"),
    ),
    Fault(
        "the focal loss takes its factor for a constant",
        FOCAL,
        "(q + gamma * (1 - q) * surprise)",
        "q",
        differences("sigmoid_focal_loss"),
    ),
    Fault(
        "the second of a pair is pulled along with the first",
        METRIC,
        "return dx1, -dx1, None",
        "return dx1, dx1, None",
        differences("margin_ranking_loss"),
    ),
    Fault(
        "far pairs are pushed on",
        METRIC,
        "np.where(x <= margin, y, 0)",
        "np.where(x >= margin, y, 0)",
        differences("hinge_embedding_loss"),
    ),
    Fault(
        "a cosine's slope keeps its part along the row",
        METRIC,
        "x2 - (dc * c / square1)[..., None] * x1",
        "x2 - 0 * (dc * c / square1)[..., None] * x1",
        differences("cosine_embedding_loss"),
    ),
    Fault(
        "the negative is pulled near",
        METRIC,
        "return dnear - dfar, -dnear, dfar",
        "return dnear - dfar, -dnear, -dfar",
        differences("triplet_margin_loss"),
    ),
    Fault(
        "the swap is forgotten",
        METRIC,
        "far = np.minimum(far, other)",
        "far = np.minimum(far, far)",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "a distance's slope has the wrong power",
        METRIC,
        "np.sign(delta) * part ** (p - 1)",
        "np.sign(delta) * part ** p",
        differences("triplet_margin_loss"),
    ),
    Fault(
        "the temperature is left out of the slope",
        METRIC,
        "np.reshape(scale * dloss / temperature, (-1, 1))",
        "np.reshape(scale * dloss, (-1, 1))",
        differences("info_nce"),
    ),
    Fault(
        "the keys get the queries' slope",
        METRIC,
        "to_keys(dscores.T @ q)",
        "to_keys(dscores @ q)",
        differences("info_nce"),
    ),
    Fault(
        "a triplet lets go at the margin itself",
        METRIC,
        "dlack = (scale * dloss) * (lack >= 0)",
        "dlack = (scale * dloss) * (lack > 0)",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "a cosine lets go at the margin itself",
        METRIC,
        "(c >= margin), -y",
        "(c > margin), -y",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "a short row is not made a unit long",
        METRIC,
        "np.asarray(1e-12, x.dtype)",
        "np.asarray(1e-3, x.dtype)",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "a rounded hinge's tiny slope is a difference",
        HINGE,
        "q = np.exp(-np.maximum(u, 0)) / (1 + e)",
        "q = 1 - np.exp(np.minimum(u, 0)) / (1 + e)",
        ("tests/ops/test_loss_pairs.py",),
    ),
    Fault(
        "a yes that shall not count counts one",
        FOCAL,
        "alphas = 1 if alpha == -1 else",
        "alphas = 1 if alpha <= 0 else",
        ("tests/ops/test_loss_pairs.py",),
    ),
]
