"""Faults in the convolutions, and in padding."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences

BLOCKS, GEOMETRY, CORRELATION, TRANSPOSED = (
    f"ops/convolution/{name}.py"
    for name in ("blocks", "geometry", "correlation", "transposed")
)


def convolution(names: str) -> tuple[str, ...]:
    """Tests of the convolutions, by name."""
    return "tests/ops/test_convolution.py", "-k", names


FAULTS = [
    Fault(
        "a window that does not fit is counted",
        GEOMETRY,
        "(r - k) // s + 1",
        "-(-(r - k) // s) + 1",
        convolution("size_of_an_axis"),
    ),
    Fault(
        "an odd padding is added before",
        GEOMETRY,
        "(span // 2, span - span // 2)",
        "(span - span // 2, span // 2)",
        convolution("odd_padding"),
    ),
    Fault(
        "the taps are not turned on the way back",
        BLOCKS,
        "w[:, :, ::-1, ::-1].reshape",
        "w[:, :, ::-1].reshape",
        differences("conv2d"),
    ),
    Fault(
        "the padding above is forgotten",
        BLOCKS,
        "step, before = self.g.stride[axis], self.g.before[axis]",
        "step, before = self.g.stride[axis], self.g.before[1]",
        convolution("every_window"),
    ),
    Fault(
        "a row's matrix begins where it would at stride 1",
        BLOCKS,
        "step * kw * c if self.shared",
        "kw * c if self.shared",
        convolution("every_window"),
    ),
    Fault(
        "a pixel keeps the gradient of one window only",
        BLOCKS,
        "reads[:, p, q] += lines[:, p, q]",
        "reads[:, p, q] = lines[:, p, q]",
        differences("conv2d"),
    ),
    Fault(
        "each group reads the channels of its neighbor",
        BLOCKS,
        "(c * channels, h * dh,",
        "(c, h * dh,",
        convolution("every_window"),
    ),
    Fault(
        "the gradient of the kernel is that of the last block",
        BLOCKS,
        "matrix += np.matmul",
        "matrix = np.matmul",
        convolution("size_of_the_blocks"),
    ),
    Fault(
        "of rows that share a line, the last one's gradient is kept",
        BLOCKS,
        "matrices[:, i] += matrix[:, 0] @ dz[:, i]",
        "matrices[:, i] = matrix[:, 0] @ dz[:, i]",
        differences("conv2d"),
    ),
    Fault(
        "the gradient of mixed channels is that of the last image",
        BLOCKS,
        "dw += dy_i.reshape",
        "dw = dy_i.reshape",
        differences("conv2d"),
    ),
    Fault(
        "the bias of a convolution gets the mean of the gradients",
        CORRELATION,
        "dy.sum(axis=(0, 2, 3))",
        "dy.mean(axis=(0, 2, 3))",
        differences("conv2d"),
    ),
    Fault(
        "the output is cut at one end only",
        TRANSPOSED,
        "(h - 1) * s - 2 * t + d",
        "(h - 1) * s - t + d",
        convolution("transpose_of_the_convolution"),
    ),
    Fault(
        "the output padding is left out",
        TRANSPOSED,
        "d * (k - 1) + 1 + m",
        "d * (k - 1) + 1",
        convolution("transpose_of_the_convolution"),
    ),
    Fault(
        "a mirror repeats the edge",
        "ops/padding.py",
        "slice(2 * p, p, -1)",
        "slice(2 * p - 1, p - 1 if p else None, -1)",
        ("tests/ops/test_padding.py",),
    ),
    Fault(
        "the first axis is padded first",
        "ops/padding.py",
        "+ pairs[::-1]",
        "+ pairs",
        ("tests/ops/test_padding.py",),
    ),
    Fault(
        "an edge that was copied gets the mean of the gradients",
        "ops/padding.py",
        "back.sum(axis=axis, keepdims=True)",
        "back.mean(axis=axis, keepdims=True)",
        differences("pad"),
    ),
    Fault(
        "the first weights shrink with the number of outputs",
        "nn/convolution.py",
        "prod(shape[1:])",
        "prod(shape)",
        ("tests/nn/test_convolution.py",),
    ),
]
