"""Faults in what is done with regions."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences

BOXES, SUPPRESSION, CODER, ANCHORS, ROI = (
    "ops/regions/boxes.py",
    "ops/regions/suppression.py",
    "ops/regions/coder.py",
    "ops/regions/anchors.py",
    "ops/regions/roi.py",
)
OF_BOXES, OF_SUPPRESSION, OF_ROI = (
    ("tests/ops/test_boxes.py",),
    ("tests/ops/test_suppression.py",),
    ("tests/ops/test_roi.py",),
)

FAULTS = [
    Fault(
        "the shared area counts twice in the union",
        BOXES,
        "    union -= shared\n",
        "",
        OF_BOXES,
    ),
    Fault(
        "boxes apart on both axes share an area",
        BOXES,
        "    shared *= np.maximum(width, 0, out=width)\n",
        "    shared *= width\n",
        OF_BOXES,
    ),
    Fault(
        "a box that was dropped drops others",
        SUPPRESSION,
        "if not dropped >> i & 1:",
        "if not dropped >> i & 1 or not chosen.append(i):",
        OF_SUPPRESSION,
    ),
    Fault(
        "an overlap of just the threshold is too much",
        SUPPRESSION,
        "return shared > union",
        "return shared >= union",
        OF_SUPPRESSION,
    ),
    Fault(
        "a block forgets what the block before has kept",
        SUPPRESSION,
        "left, iou_threshold).any(axis=0)",
        "left, iou_threshold).all(axis=0)",
        OF_SUPPRESSION,
    ),
    Fault(
        "of equal scores any comes first",
        SUPPRESSION,
        'np.argsort(-s, kind="stable")',
        "np.argsort(s)[::-1]",
        OF_SUPPRESSION,
    ),
    Fault(
        "a score is lowered by an overlap that is allowed",
        SUPPRESSION,
        "np.where(u >= iou_threshold, 1 - u, 1)",
        "1 - u",
        OF_SUPPRESSION,
    ),
    Fault(
        "the gaussian is of the overlap itself",
        SUPPRESSION,
        "np.exp(-u * u / sigma)",
        "np.exp(-u / sigma)",
        OF_SUPPRESSION,
    ),
    Fault(
        "a size is told without a logarithm",
        CODER,
        "np.log(size / size_a)",
        "size / size_a - 1",
        OF_BOXES,
    ),
    Fault(
        "what is decoded is not divided by the weights",
        CODER,
        "differences / np.asarray(self.weights, differences.dtype)",
        "differences",
        OF_BOXES,
    ),
    Fault(
        "a prediction far off is believed",
        CODER,
        "np.minimum(differences[..., 2:], self.bbox_xform_clip)",
        "differences[..., 2:]",
        OF_BOXES,
    ),
    Fault(
        "anchors lie where they are wide",
        ANCHORS,
        "np.outer(1 / root, s).ravel(), np.outer(root, s).ravel()",
        "np.outer(root, s).ravel(), np.outer(1 / root, s).ravel()",
        OF_BOXES,
    ),
    Fault(
        "rows of anchors are columns",
        ANCHORS,
        "[x, y, x, y]",
        "[y, x, y, x]",
        OF_BOXES,
    ),
    Fault(
        "half a pixel is added where it should be taken",
        ROI,
        "spatial_scale - (0.5 if aligned else 0)",
        "spatial_scale + (0.5 if aligned else 0)",
        OF_ROI,
    ),
    Fault(
        "points lie at the borders of their cells",
        ROI,
        "(k + 0.5) / used",
        "k / used",
        OF_ROI,
    ),
    Fault(
        "the points of a bin are added up",
        ROI,
        "(k < points)) / used",
        "(k < points)) / 1",
        OF_ROI,
    ),
    Fault(
        "points outside are read at the border",
        ROI,
        "((u >= -1) & (u <= n) & (k < points))",
        "(k < points)",
        OF_ROI,
    ),
    Fault(
        "of regions that overlap the last one keeps the gradient",
        ROI,
        "df[part] += to_the_first(",
        "df[part] = to_the_first(",
        differences("roi_pool"),
    ),
    Fault(
        "the last pixel does not belong to a pooled region",
        ROI,
        "length = last - first + 1",
        "length = max(last - first, 1)",
        OF_ROI,
    ),
    Fault(
        "borders are rounded down",
        ROI,
        "np.trunc(scaled + np.copysign(0.5, scaled))",
        "np.floor(scaled)",
        OF_ROI,
    ),
]
