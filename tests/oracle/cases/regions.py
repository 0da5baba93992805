"""Regions, composed of what PyTorch has itself; torchvision, which has these functions, is not asked for."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def boxes(choice: Choice, n: int, low: float, high: float) -> Any:
    """Boxes with borders between two numbers."""
    corners = choice.numbers(low, high, (n, 2, 2))
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def box_iou(choice: Choice) -> Comparison:
    """The overlap by clamped sides."""
    a, b = (boxes(choice, choice.integer(1, 4), -3, 5) for _ in range(2))

    def theirs(torch: Any, a: Any, b: Any) -> Any:
        upper = torch.maximum(a[:, None, :2], b[None, :, :2])
        lower = torch.minimum(a[:, None, 2:], b[None, :, 2:])
        shared = (lower - upper).clamp(min=0).prod(dim=2)
        area_a, area_b = ((x[:, 2:] - x[:, :2]).prod(dim=1) for x in (a, b))
        union = area_a[:, None] + area_b - shared
        return torch.where(union > 0, shared / union, 0)

    return of_function(choice, [a, b], ops.box_iou, theirs, constants=(0, 1))


def box_coder(choice: Choice) -> Comparison:
    """What a coder makes of predictions, and of the boxes that come of it: there and back again."""
    n = choice.integer(1, 3)
    t, anchors = choice.normal(n, 4), boxes(choice, n, -3, 5)
    anchors[:, 2:] += 0.5
    weights = choice.among([(1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 5.0)])
    clip = choice.among([0.1, 4.0])

    def ours(t: Any, anchors: Any) -> Any:
        coder = ops.BoxCoder(weights, bbox_xform_clip=clip)
        decoded = coder.decode(t, anchors)
        return np.stack([decoded, coder.encode(decoded, anchors)])

    def theirs(torch: Any, t: Any, anchors: Any) -> Any:
        v = torch.tensor(weights, dtype=torch.float64)
        size = anchors[:, 2:] - anchors[:, :2]
        center = (anchors[:, 2:] + anchors[:, :2]) / 2
        t = t / v
        t = torch.cat([t[:, :2], t[:, 2:].clamp(max=clip)], dim=1)
        half = t[:, 2:].exp() * size / 2
        center = center + t[:, :2] * size
        return torch.stack([torch.cat([center - half, center + half], dim=1), t * v])

    return of_function(choice, [t, anchors], ours, theirs, constants=(0, 1))


def roi_align(choice: Choice) -> Comparison:
    """Points of each region read by `grid_sample`, and averaged."""
    n, h, w = choice.integer(1, 2), choice.integer(2, 6), choice.integer(2, 6)
    x, r = choice.normal(n, choice.integer(1, 2), h, w), choice.integer(1, 3)
    maps = choice.labels(n, r)[:, None]
    rois = np.hstack([maps, boxes(choice, r, -4, 10)])
    m = choice.integer(1, 3), choice.integer(1, 3)
    scale, s = choice.among([1.0, 0.5, 1.3]), choice.integer(-1, 3)
    aligned = bool(choice.integer(0, 1))

    def points(a: float, b: float, m: int) -> Any:
        """One row for each bin."""
        a, b = a * scale - 0.5 * aligned, b * scale - 0.5 * aligned
        length = (b - a if aligned else max(b - a, 1)) / m
        k = s if s > 0 else ceil(length)
        return a + (np.arange(m)[:, None] + (np.arange(k) + 0.5) / max(k, 1)) * length

    def theirs(torch: Any, x: Any, rois: Any) -> Any:
        found = []
        for i, x1, y1, x2, y2 in rois.tolist():
            v, u = (
                torch.tensor(p) for p in (points(y1, y2, m[0]), points(x1, x2, m[1]))
            )
            if not v.numel() or not u.numel():
                found += [x[0, :, :1, :1].expand(-1, *m) * 0]
                continue
            v_all, u_all = torch.meshgrid(v.flatten(), u.flatten(), indexing="ij")
            grid = torch.stack(
                [2 * u_all / (w - 1) - 1, 2 * v_all / (h - 1) - 1], dim=-1
            )
            read = torch.nn.functional.grid_sample(
                x[int(i)][None], grid[None], padding_mode="border", align_corners=True
            )
            inside = (v_all >= -1) & (v_all <= h) & (u_all >= -1) & (u_all <= w)
            bins = (read[0] * inside).unflatten(2, u.shape).unflatten(1, v.shape)
            found += [bins.mean(dim=(2, 4))]
        return torch.stack(found)

    return of_function(
        choice,
        [x, rois],
        lambda x, rois: ops.roi_align(
            x,
            rois,
            output_size=m,
            spatial_scale=scale,
            sampling_ratio=s,
            aligned=aligned,
        ),
        theirs,
        constants=(1,),
    )


def roi_pool(choice: Choice) -> Comparison:
    """Regions within the map, cut out and pooled by `adaptive_max_pool2d`."""
    n, h, w = choice.integer(1, 2), choice.integer(1, 6), choice.integer(1, 6)
    x, r = choice.normal(n, choice.integer(1, 2), h, w), choice.integer(1, 3)
    x = choice.among([x, x.round()])
    rois = np.zeros((r, 5))
    for k in range(r):
        x1, y1 = choice.integer(0, w - 1), choice.integer(0, h - 1)
        x2, y2 = choice.integer(x1, w - 1), choice.integer(y1, h - 1)
        rois[k] = choice.integer(0, n - 1), x1, y1, x2, y2
    m, scale = (
        (choice.integer(1, 4), choice.integer(1, 4)),
        choice.among([1.0, 0.5, 0.25]),
    )

    def theirs(torch: Any, x: Any, rois: Any) -> Any:
        pool = torch.nn.functional.adaptive_max_pool2d
        parts = (
            (x[i, :, y1 : y2 + 1, x1 : x2 + 1])
            for i, x1, y1, x2, y2 in rois.long().tolist()
        )
        return torch.stack([pool(part, m) for part in parts])

    def ours(x: Any, rois: Any) -> Any:
        in_image = np.hstack([rois[:, :1], rois[:, 1:] / scale])
        return ops.roi_pool(x, in_image, output_size=m, spatial_scale=scale)

    return of_function(choice, [x, rois], ours, theirs, constants=(1,))


CASES = [box_iou, box_coder, roi_align, roi_pool]
