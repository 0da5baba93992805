r"""The correlation of images with a kernel and its two derivatives, as matrix products over blocks of rows.

With $p, q$ the rows and columns of the kernel,
$$y_{k i j} = \sum_{c p q} w_{k c p q}\, x_{c,\, s i + d p - t,\, s j + d q - t}$$
is a matrix product, if what each tap reads is laid out as a line of a matrix: this copies each image once for every
tap. But the matrices of neighboring rows of the output have most of their lines in common. Stored line below line in
the order $p, q, c$, the matrix of the next row begins a few lines further down, and is a view: then each image is
copied once for every column of the kernel only, for the price of a product for each row. This is done where rows are
long enough for a product of their own, and the taps are neighbors.

The derivatives take the same steps in reverse: $dw$ is the lines times $dy$; at stride 1, $dx$ is the correlation of
$dy$ with the kernel turned by 180 degrees, and else the kernel times $dy$, added up where it was read. A block is as
many images, rows and columns as stay in the cache from the first step to the last; nothing larger is ever kept.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import as_strided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlbook.autograd.core import Array
    from dlbook.ops.convolution.geometry import Geometry

    DType = np.dtype[np.floating]
    Block = tuple[slice, slice, slice]

# The bytes of a block: a core's own cache is 1 or 2 MiB, but with few rows in a block many lines are laid out twice.
BLOCK = 3 << 20
# How many pixels a matrix product has at least, if there are as many, and at most.
PIXELS = 512, 4096
# From how many pixels on, in a row of all images, rows share their lines.
LONG = 256


def correlate(x: Array, w: Array, b: Array | None, g: Geometry) -> Array:
    """The outputs, `(n, k, *g.out)`, of images `(n, c, *g.size)` and a kernel `(k, c / groups, *g.kernel)`."""
    n, k = len(x), len(w)
    if is_pointwise(g):
        y = mixed(w.reshape(g.groups, k // g.groups, -1), x, g)
        if b is not None:
            y += b[:, None, None]
        return y
    blocks = Blocks(n, w.shape, g, np.result_type(x, w))
    matrix = blocks.to_matrix(w)[:, None]
    y = np.empty((n, k, *g.out), blocks.dtype)
    for block in blocks:
        part = blocks.outputs(y, block)
        z = blocks.z(part.shape)
        np.matmul(matrix, blocks.lay_out(x, block), out=z.reshape(*z.shape[:3], -1))
        if b is None:
            part[...] = z
        else:
            np.add(z, b.reshape(g.groups, 1, -1, 1, 1, 1), out=part)
    return y


def to_input(dy: Array, w: Array, g: Geometry) -> Array:
    """The gradient of the images: that of each output goes back to all that its window has read."""
    n, k, c = len(dy), len(w), w.shape[1] * g.groups
    if is_pointwise(g):
        return mixed(w.reshape(g.groups, k // g.groups, -1).swapaxes(1, 2), dy, g)
    before = g.full_padding()
    few_zeros = min(before) >= 0 and prod(g.size) <= 1.5 * prod(g.out)
    if g.stride == (1, 1) and few_zeros:  # copying is quicker than adding up
        back = g._replace(size=g.out, out=g.size, before=before)
        return correlate(dy, turned(w, g), None, back)
    blocks = Blocks(n, w.shape, g, np.result_type(dy, w))
    matrix = blocks.to_matrix(w).swapaxes(1, 2)[:, None]
    dx = np.zeros((n, c, *g.size), blocks.dtype)
    for block in blocks:
        part = blocks.outputs(dy, block)
        dz = blocks.z(part.shape)
        dz[...] = part
        blocks.add_up(matrix, dz.reshape(*dz.shape[:3], -1), dx, block)
    return dx


def to_weights(x: Array, dy: Array, g: Geometry) -> Array:
    """The gradient of the kernel: what each tap has read, times the gradients of the outputs."""
    n, c, k = len(x), x.shape[1] // g.groups, dy.shape[1]
    if is_pointwise(g):
        dw = np.zeros((g.groups, k // g.groups, c), np.result_type(x, dy))
        for x_i, dy_i in zip(x, dy, strict=True):
            rows = x_i.reshape(g.groups, c, -1)
            dw += dy_i.reshape(g.groups, k // g.groups, -1) @ rows.swapaxes(1, 2)
        return dw.reshape(k, c, 1, 1)
    blocks = Blocks(n, (k, c, *g.kernel), g, np.result_type(x, dy))
    matrix = np.zeros((g.groups, blocks.depth, k // g.groups), blocks.dtype)
    product = np.empty_like(matrix)
    for block in blocks:
        part = blocks.outputs(dy, block)
        dz = blocks.z(part.shape)
        dz[...] = part
        lines = blocks.lay_out(x, block)
        columns = dz.reshape(*dz.shape[:3], -1).swapaxes(2, 3)
        for i in range(lines.shape[1]):
            matrix += np.matmul(lines[:, i], columns[:, i], out=product)
    return blocks.from_matrix(matrix)


def is_pointwise(g: Geometry) -> bool:
    """Whether the kernel is one tap that meets every pixel, and there are enough of them for a product an image."""
    one = (1, 1)
    return (
        g.kernel == g.stride == one
        and g.before == (0, 0)
        and g.out == g.size
        and prod(g.out) >= 64
    )


def turned(w: Array, g: Geometry) -> Array:
    """The kernel turned by 180 degrees, `(c, k / groups, kh, kw)`: at stride 1 it takes `dy` back to `dx`."""
    k, c, kh, kw = w.shape
    w = w[:, :, ::-1, ::-1].reshape(g.groups, k // g.groups, c, kh, kw)
    return w.swapaxes(1, 2).reshape(g.groups * c, k // g.groups, kh, kw)


def mixed(w: Array, x: Array, g: Geometry) -> Array:
    """The channels of each pixel mixed by the matrices `w (groups, k, c)`: a product on a view."""
    n, h_w = len(x), prod(g.size)
    y = w @ x.reshape(n, g.groups, w.shape[2], h_w)
    return y.reshape(n, g.groups * w.shape[1], *g.size)


class Blocks:
    """The blocks of one correlation, as slices of the images, and of the rows and columns of the output.

    Args:
        n: The number of images.
        shape: The shape of the kernel.
        g: How the windows lie.
        dtype: The dtype of the products.

    Attributes:
        shared: Whether the rows of the output share their lines. If not, all rows of a block are one matrix.
        depth: The number of lines of a matrix.
        step: The number of lines from one row's matrix to the next one's.
    """

    def __init__(
        self, n: int, shape: tuple[int, ...], g: Geometry, dtype: DType
    ) -> None:
        (oh, ow), (kh, kw), step = g.out, g.kernel, g.stride[0]
        k, c = shape[0] // g.groups, shape[1]
        self.n, self.shape, self.g, self.dtype = n, shape, g, dtype
        self.shared = kh >= max(2, 2 * step) and g.dilation[0] == 1 and n * ow >= LONG
        self.depth = kh * kw * c
        self.step = step * kw * c if self.shared else self.depth

        numbers = BLOCK // (dtype.itemsize * g.groups)
        most = max(1, min(PIXELS[1], numbers // (self.depth + k)))
        self.columns = -(-ow // -(-ow // most))
        images = max(1, min(n, most, PIXELS[0]) // self.columns) if self.shared else 1
        first, each = self.depth - self.step, self.step + k
        rows = (numbers // (images * self.columns) - first) // each
        if not self.shared:
            rows = min(rows, PIXELS[1] // self.columns)
        self.rows = -(-oh // -(-oh // max(1, rows)))
        if self.rows == oh:
            images = numbers // (first + oh * each) // self.columns
            height = 1 if self.shared else oh
            images = min(images, PIXELS[1] // (height * self.columns))
        self.images = max(1, min(n, images))
        pixels = g.groups * self.images * self.columns
        self._lines = np.empty(pixels * (first + self.rows * self.step), dtype)
        self._z = np.empty(pixels * self.rows * k, dtype)

    def __iter__(self) -> Iterator[Block]:
        """One block after another; the last images, rows and columns may be fewer."""
        oh, ow = self.g.out
        for i in range(0, self.n, self.images):
            for r in range(0, oh, self.rows):
                for c in range(0, ow, self.columns):
                    yield (
                        slice(i, min(self.n, i + self.images)),
                        slice(r, min(oh, r + self.rows)),
                        slice(c, min(ow, c + self.columns)),
                    )

    def to_matrix(self, w: Array) -> Array:
        """The kernel as one matrix for each group, a column for each line."""
        _, c, kh, kw = self.shape
        w = w.reshape(self.g.groups, -1, c, kh, kw)
        w = np.ascontiguousarray(w.transpose(0, 1, 3, 4, 2))
        return w.reshape(self.g.groups, -1, self.depth)

    def from_matrix(self, matrix: Array) -> Array:
        """The gradient of the kernel, from that of the transposed matrices."""
        _, c, kh, kw = self.shape
        dw = matrix.reshape(self.g.groups, kh, kw, c, -1)
        return dw.transpose(0, 4, 3, 1, 2).reshape(self.shape)

    def outputs(self, y: Array, block: Block) -> Array:
        """The outputs of a block as the products give them: (groups, matrices, k, rows of each, images, columns)."""
        images, rows, columns = block
        y = y[images, :, rows, columns]
        y = y.reshape(len(y), self.g.groups, -1, *y.shape[2:]).transpose(1, 3, 2, 0, 4)
        return y[:, :, :, None] if self.shared else y.swapaxes(1, 2)[:, None]

    def z(self, shape: tuple[int, ...]) -> Array:
        """Room for the outputs of a block, in the order of the products."""
        return self._z[: prod(shape)].reshape(shape)

    def lay_out(self, x: Array, block: Block) -> Array:
        """What the taps read, as one matrix for each group and row of the block, a column for each pixel."""
        strip, inside, image = self.strip(x, block)
        if inside is not image:
            inside[...] = image
        reads = self.reads(strip, block)
        lines = self._lines[: reads.size].reshape(reads.shape)
        lines[...] = reads
        return self.matrices(lines, block)

    def matrices(self, lines: Array, block: Block) -> Array:
        """A view of the lines as matrices for each group, one for each row or one for all."""
        rows = block[1].stop - block[1].start if self.shared else 1
        pixels = prod(lines.shape[-3:])
        line = pixels * lines.itemsize
        return as_strided(
            lines,
            (self.g.groups, rows, self.depth, pixels),
            (lines.strides[0], self.step * line, line, lines.itemsize),
        )

    def add_up(self, matrix: Array, dz: Array, dx: Array, block: Block) -> None:
        """Add to `dx` what the kernel gives back to each pixel: the transpose of `lay_out` and the product."""
        strip, inside, image = self.strip(dx, block)
        reads = self.reads(strip, block)
        lines = self._lines[: reads.size].reshape(reads.shape)
        matrices = self.matrices(lines, block)
        if self.shared:
            lines[...] = 0
            for i in range(matrices.shape[1]):
                matrices[:, i] += matrix[:, 0] @ dz[:, i]
        else:
            np.matmul(matrix, dz, out=matrices)
        for p in [slice(None)] if self.shared else range(self.g.kernel[0]):
            for q in range(self.g.kernel[1]):
                reads[:, p, q] += lines[:, p, q]
        if inside is not image:
            image += inside

    def strip(self, x: Array, block: Block) -> tuple[Array, Array, Array]:
        """What the windows of a block see of the images, with zeros around it, and where it overlaps the images.

        The overlap is given twice, as a part of the strip, and as a part of the images. If all that is seen lies
        within the images, nothing is copied, and all three are the same part of the images.
        """
        (top, bottom), (left, right) = (
            self.seen(axis, block[1 + axis]) for axis in (0, 1)
        )
        h, w = self.g.size
        rows = slice(max(0, top), max(0, top, min(h, bottom)))
        columns = slice(max(0, left), max(0, left, min(w, right)))
        image = x[block[0], :, rows, columns]
        if image.shape[2:] == (bottom - top, right - left):
            return image, image, image
        strip = np.zeros((*image.shape[:2], bottom - top, right - left), x.dtype)
        inside = strip[
            :,
            :,
            rows.start - top : rows.stop - top,
            columns.start - left : columns.stop - left,
        ]
        return strip, inside, image

    def seen(self, axis: int, places: slice) -> tuple[int, int]:
        """The first pixel along an axis that some outputs see, and the one after the last; outside, too."""
        step, before = self.g.stride[axis], self.g.before[axis]
        span = (self.g.kernel[axis] - 1) * self.g.dilation[axis] + 1
        return places.start * step - before, (places.stop - 1) * step - before + span

    def reads(self, strip: Array, block: Block) -> Array:
        """A view of a strip in which each pixel stands wherever it is read.

        The axes are (groups, kernel's rows, kernel's columns, c, rows, images, columns). If the rows share their
        lines, there is a line for each row of the strip in the place of the kernel's, and one row.
        """
        n, c, h, w = strip.strides
        (sh, sw), (dh, dw), kh = self.g.stride, self.g.dilation, self.g.kernel[0]
        rows, columns = (part.stop - part.start for part in block[1:])
        tall, rows = (strip.shape[2], 1) if self.shared else (kh, rows)
        kw, channels = self.g.kernel[1], self.shape[1]
        return as_strided(
            strip,
            (self.g.groups, tall, kw, channels, rows, len(strip), columns),
            (c * channels, h * dh, w * dw, c, h * sh, n, w * sw),
        )
