"""Faults in pooling and interpolation."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences

WINDOWS, MAX, AVERAGE, ADAPTIVE = (
    "ops/pooling/windows.py",
    "ops/pooling/max.py",
    "ops/pooling/average.py",
    "ops/pooling/adaptive.py",
)
INTERPOLATION = "ops/interpolation.py"
BY_HAND = ("tests/ops/test_pooling.py",)

FAULTS = [
    Fault(
        "all that are equally large win",
        MAX,
        "open_to[here] ^= won",
        "open_to[here] ^= False",
        BY_HAND,
    ),
    Fault(
        "a winner of several windows is paid by the last alone",
        MAX,
        "dx[there] += dy[here] * won",
        "dx[there] = dy[here] * won",
        differences("max_pool2d"),
    ),
    Fault(
        "padding wins among negative numbers",
        MAX,
        "np.full(along.shape(x.shape), -np.inf, x.dtype)",
        "np.zeros(along.shape(x.shape), x.dtype)",
        BY_HAND,
    ),
    Fault(
        "windows that overlap count as apart",
        WINDOWS,
        "self.stride > (self.kernel - 1) * self.dilation",
        "self.stride > self.kernel - 1",
        BY_HAND,
    ),
    Fault(
        "a tap forgets the dilation",
        WINDOWS,
        "shift = self.padding - t * self.dilation",
        "shift = self.padding - t",
        BY_HAND,
    ),
    Fault(
        "the last window is left out where it just fits",
        WINDOWS,
        "(self.size - 1 + shift) // self.stride",
        "(self.size - 2 + shift) // self.stride",
        BY_HAND,
    ),
    Fault(
        "a window that begins in the padding on the right is made",
        WINDOWS,
        "if (out - 1) * s >= n + p:",
        "if (out - 1) * s > n + p:",
        BY_HAND,
    ),
    Fault(
        "padding always counts in the mean",
        AVERAGE,
        "margin = along.padding if with_padding else 0",
        "margin = along.padding",
        BY_HAND,
    ),
    Fault(
        "what reaches beyond the padding counts in the mean",
        AVERAGE,
        "np.minimum(end, along.size + margin)",
        "end",
        BY_HAND,
    ),
    Fault(
        "the gradient of a mean is that of a sum",
        AVERAGE,
        "_spread(dy / count, columns",
        "_spread(dy, columns",
        differences("avg_pool2d"),
    ),
    Fault(
        "bins do not overlap where they do not divide the axis",
        ADAPTIVE,
        "(i * n // m, -(-(i + 1) * n // m))",
        "(i * n // m, max((i + 1) * n // m, i * n // m + 1))",
        BY_HAND,
    ),
    Fault(
        "the gradient of a plane's mean forgets the number of its pixels",
        ADAPTIVE,
        "np.broadcast_to(dy / (h * w), x.shape)",
        "np.broadcast_to(dy / h, x.shape)",
        differences("adaptive_avg"),
    ),
    Fault(
        "bins that share a winner pay it once",
        ADAPTIVE,
        "np.take_along_axis(into[start:end], winner, axis=0) + dy_bin",
        "dy_bin[None]",
        differences("adaptive_max"),
    ),
    Fault(
        "pixels are compared by their corners",
        INTERPOLATION,
        "u = (i + 0.5) * r - 0.5",
        "u = i * r",
        ("tests/ops/test_interpolation.py",),
    ),
    Fault(
        "aligned corners are those of the pixels",
        INTERPOLATION,
        "u = i * ((n - 1) / max(m - 1, 1))",
        "u = i * (n / m)",
        ("tests/ops/test_interpolation.py",),
    ),
    Fault(
        "a factor is made to fit the size",
        INTERPOLATION,
        "return m, (1 / factors[0], 1 / factors[1])",
        "return m, (n[0] / m[0], n[1] / m[1])",
        ("tests/ops/test_interpolation.py",),
    ),
    Fault(
        "the gradient of an interpolation is another interpolation",
        INTERPOLATION,
        "of_rows.T @ dy @ of_columns",
        "of_rows.T @ dy @ of_columns / 2",
        differences("interpolate"),
    ),
]
