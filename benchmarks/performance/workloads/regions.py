"""What detectors do with boxes, beside plain loops in C."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from benchmarks.performance.native import compiled, pointer
from benchmarks.performance.steps import normal, passes
from benchmarks.performance.workload import Makers, Step, workload

NMS = """
#include <stdlib.h>

/* Boxes x1, y1, x2, y2 in the order of their scores. Returns how many are kept; their numbers go to `kept`. */
int nms(const float *boxes, int n, float most, long *kept)
{
    char *dropped = calloc(n, 1);
    float *area = malloc(n * sizeof *area);
    int found = 0;
    for (int i = 0; i < n; i++) {
        const float *b = boxes + 4 * i;
        area[i] = (b[2] - b[0]) * (b[3] - b[1]);
    }
    for (int i = 0; i < n; i++) {
        if (dropped[i]) continue;
        kept[found++] = i;
        const float *a = boxes + 4 * i;
        for (int j = i + 1; j < n; j++) {
            if (dropped[j]) continue;
            const float *b = boxes + 4 * j;
            float left = a[0] > b[0] ? a[0] : b[0], right = a[2] < b[2] ? a[2] : b[2];
            float top = a[1] > b[1] ? a[1] : b[1], bottom = a[3] < b[3] ? a[3] : b[3];
            float width = right - left, height = bottom - top;
            if (width <= 0 || height <= 0) continue;
            float shared = width * height;
            if (shared / (area[i] + area[j] - shared) > most) dropped[j] = 1;
        }
    }
    free(dropped);
    free(area);
    return found;
}
"""

ROI_ALIGN = """
#include <stdlib.h>

typedef struct { int at[4]; float part[4]; } Point;

static int along(float *u, int n, int *low, int *high, float *part)
{
    if (*u < -1.0f || *u > n) return 0;
    if (*u <= 0) *u = 0;
    *low = (int)*u;
    if (*low >= n - 1) { *low = *high = n - 1; *u = *low; } else *high = *low + 1;
    *part = *u - *low;
    return 1;
}

static Point between(float v, float u, int h, int w)
{
    Point p = {{0, 0, 0, 0}, {0, 0, 0, 0}};
    int v0, v1, u0, u1;
    float pv, pu;
    if (along(&v, h, &v0, &v1, &pv) && along(&u, w, &u0, &u1, &pu)) {
        p.at[0] = v0 * w + u0; p.part[0] = (1 - pv) * (1 - pu);
        p.at[1] = v0 * w + u1; p.part[1] = (1 - pv) * pu;
        p.at[2] = v1 * w + u0; p.part[2] = pv * (1 - pu);
        p.at[3] = v1 * w + u1; p.part[3] = pv * pu;
    }
    return p;
}

/* Maps (n, c, h, w), regions (r, 5), m bins along either axis with s points in each along either axis; adds to dx.
   Where the points lie is found once for a region, for all of its channels. */
void roi_align(const float *x, const float *rois, const float *dy, float *y, float *dx,
               int c, int h, int w, int r, int m, int s, float scale)
{
    Point *points = malloc(sizeof(Point) * m * m * s * s);
    for (int k = 0; k < r; k++) {
        const float *roi = rois + 5 * k;
        float left = roi[1] * scale - 0.5f, top = roi[2] * scale - 0.5f;
        float wide = (roi[3] * scale - 0.5f - left) / m, tall = (roi[4] * scale - 0.5f - top) / m;
        Point *p = points;
        for (int i = 0; i < m; i++)
            for (int j = 0; j < m; j++)
                for (int a = 0; a < s; a++)
                    for (int b = 0; b < s; b++)
                        *p++ = between(top + (i + (a + 0.5f) / s) * tall, left + (j + (b + 0.5f) / s) * wide, h, w);
        for (int ch = 0; ch < c; ch++) {
            long plane = ((long)roi[0] * c + ch) * h * w, place = ((long)k * c + ch) * m * m;
            const float *f = x + plane;
            float *df = dx + plane;
            p = points;
            for (int bin = 0; bin < m * m; bin++) {
                float sum = 0, share = dy[place + bin] / (s * s);
                for (int q = 0; q < s * s; q++, p++)
                    for (int e = 0; e < 4; e++) {
                        sum += p->part[e] * f[p->at[e]];
                        df[p->at[e]] += p->part[e] * share;
                    }
                y[place + bin] = sum / (s * s);
            }
        }
    }
    free(points);
}
"""


@workload("NMS of 2,000 boxes", at_most=0.6, small={"n": 30}, over="C")
def nms(*, n: int = 2000) -> Makers:
    """Which boxes are kept, the best first; about ten boxes around each thing."""
    rng = np.random.default_rng(0)
    things = rng.uniform(0, 800, (-(-n // 10), 2))
    centers = np.repeat(things, 10, axis=0)[:n] + rng.normal(0, 8, (n, 2))
    sizes = rng.uniform(40, 120, (n, 2))
    boxes = np.hstack([centers - sizes / 2, centers + sizes / 2]).astype(np.float32)
    scores = rng.uniform(size=n).astype(np.float32)

    def dlbook() -> Step:
        from dlbook.ops import nms

        return lambda: nms(boxes, scores, iou_threshold=0.5)

    def c() -> Step:
        function = compiled(NMS).nms

        def step() -> Any:
            order = np.argsort(-scores, kind="stable")
            ordered, kept = boxes[order], np.empty(n, np.int64)
            found = function(pointer(ordered), n, ctypes.c_float(0.5), pointer(kept))
            return order[kept[:found]]

        return step

    def passes_alone() -> Step:
        from dlbook.ops import nms

        # each box that is kept meets those after it, half of all: four borders, two sides, a product, a comparison
        pairs = len(nms(boxes, scores, iou_threshold=0.5)) * n // 2
        return passes(pairs, writing=8, adding=0)

    return {"dlbook": dlbook, "C": c, "NumPy alone": passes_alone}


@workload(
    "RoIAlign 128 regions, 256×50×50 to 7×7",
    at_most=0.6,
    small={"n": 2, "c": 3, "h": 8, "w": 6, "r": 5, "m": 2},
    over="C",
)
def roi_align(  # the sizes of Faster R-CNN on an image of 800 pixels
    *, n: int = 1, c: int = 256, h: int = 50, w: int = 50, r: int = 128, m: int = 7
) -> Makers:
    """Features of regions, two by two points a bin, and the gradient by the maps."""
    rng = np.random.default_rng(0)
    scale, s = 1 / 16, 2
    x, dy = normal(rng, n, c, h, w), normal(rng, r, c, m, m)
    corner = rng.uniform(0, 8, (r, 2)) * [w, h]
    size = rng.uniform(1, 7, (r, 2)) * [w, h]
    rois = np.hstack([rng.integers(n, size=(r, 1)), corner, corner + size])
    rois = rois.astype(np.float32)

    def dlbook() -> Step:
        from dlbook.ops import roi_align

        def step() -> Any:
            y, vjp = roi_align.rule(
                x, rois, output_size=m, spatial_scale=scale, sampling_ratio=s, aligned=True
            )  # fmt: skip
            return y, vjp(dy)

        return step

    def c_loops() -> Step:
        function = compiled(ROI_ALIGN).roi_align

        def step() -> Any:
            y, dx = np.empty_like(dy), np.zeros_like(x)
            function(
                *map(pointer, (x, rois, dy, y, dx)),
                c,
                h,
                w,
                r,
                m,
                s,
                ctypes.c_float(scale),
            )
            return y, dx

        return step

    return {"dlbook": dlbook, "C": c_loops}
