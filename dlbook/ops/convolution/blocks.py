r"""The correlation of images with a kernel and its two derivatives, as matrix products over blocks of rows.

With $p, q$ the rows and columns of the kernel and stride and dilation of 1,
$$y_{k i j} = \sum_{c p q} w_{k c p q}\, x_{c,\, i + p,\, j + q} .$$
All is done by a matrix product if each tap of the kernel finds its numbers in a row of their own, `cols`. This
copies each image once for every tap. Where it pays, only the columns of the kernel are laid out, and its rows are
added up after the product:
$$u_{c q,\, i j} = x_{c,\, i,\, j + q}, \qquad z_{p k,\, i j} = \sum_{c q} w_{k c p q}\, u_{c q,\, i j},
\qquad y_{k i j} = \sum_p z_{p k,\, i + p,\, j} .$$
Each step is linear, so the derivatives take them in reverse: $dz$ is $dy$ laid out once for every row of the
kernel, $dw = dz\, u^\top$, $du = w^\top dz$, and $dx$ adds $du$ up. A block is as many images, or rows of one,
as stay in the cache from the first step to the last; nothing larger is ever kept.
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

# The bytes of a block: a core's own cache is 1 or 2 MiB, and much less starves the product.
BLOCK = 2 << 20
# The columns of a block at most: longer products of small matrices are slower, since BLAS packs them first.
COLUMNS = 4096


def correlate(x: Array, w: Array, b: Array | None, g: Geometry) -> Array:
    """The outputs, `(n, k, *g.out)`, of images `(n, c, *g.size)` and a kernel `(k, c / groups, *g.kernel)`."""
    n, k = len(x), len(w)
    if is_pointwise(g):
        y = mixed(w.reshape(g.groups, k // g.groups, -1), x, g)
        if b is not None:
            y += b[:, None, None]
        return y
    blocks = Blocks(n, w.shape, g, np.result_type(x, w))
    matrix = blocks.to_matrix(w)
    y = np.empty((n, k, *g.out), blocks.dtype)
    for images, rows in blocks:
        part = y[images, :, rows]
        cols = blocks.lay_out(x[images], rows)
        z = blocks.buffer(blocks.z, len(part), rows)
        np.matmul(matrix, blocks.flat(cols), out=blocks.flat(z))
        blocks.add_up_rows(z, part)
        if b is not None:
            part += b[:, None, None]
    return y


def to_input(dy: Array, w: Array, g: Geometry) -> Array:
    """The gradient of the images: that of each output goes back to all that its window has read."""
    n, k, c = len(dy), len(w), w.shape[1] * g.groups
    if is_pointwise(g):
        return mixed(w.reshape(g.groups, k // g.groups, -1).swapaxes(1, 2), dy, g)
    before = g.full_padding()
    few_zeros = min(before) >= 0 and prod(g.size) <= 1.5 * prod(g.out)
    if g.stride == (1, 1) and few_zeros:  # copying is quicker than adding
        back = g._replace(size=g.out, out=g.size, before=before)
        return correlate(dy, turned(w, g), None, back)
    blocks = Blocks(n, w.shape, g, np.result_type(dy, w))
    matrix = blocks.to_matrix(w).swapaxes(1, 2)
    dx = np.zeros((n, c, *g.size), blocks.dtype)
    for images, rows in blocks:
        part = dx[images]
        dz = blocks.lay_out_rows(dy[images, :, rows], rows)
        cols = blocks.buffer(blocks.cols, len(part), rows)
        np.matmul(matrix, blocks.flat(dz), out=blocks.flat(cols))
        blocks.add_up(cols, part, rows)
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
    matrix = np.zeros((g.groups, blocks.depth, blocks.height), blocks.dtype)
    for images, rows in blocks:
        cols = blocks.lay_out(x[images], rows)
        dz = blocks.lay_out_rows(dy[images, :, rows], rows)
        matrix += blocks.flat(cols) @ blocks.flat(dz).swapaxes(1, 2)
    return blocks.from_matrix(matrix.swapaxes(1, 2))


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
    """The blocks of one correlation, as pairs of slices: of the images, and of the rows of the output.

    Within a block, `cols` has the axes (groups, c, kernel's rows, kernel's columns, images, rows, columns), the
    kernel's rows being 1 if they are added up later, and `z` has the axes (groups, kernel's rows, k, images, rows,
    columns), the kernel's rows being 1 if they are not. `flat` makes matrices of them.

    Args:
        n: The number of images.
        shape: The shape of the kernel.
        g: How the windows lie.
        dtype: The dtype of the products.

    Attributes:
        depth: The number of rows of `cols`, in a group.
        height: The number of rows of `z`, in a group.
        halo: The rows that `z` has more than the output.
        reach: How many columns of the padded image are read.
        is_padded: Whether anything outside of the image is read.
    """

    def __init__(
        self, n: int, shape: tuple[int, ...], g: Geometry, dtype: DType
    ) -> None:
        (oh, ow), (kh, kw), (dh, dw) = g.out, g.kernel, g.dilation
        k, c = shape[0] // g.groups, shape[1]
        self.n, self.shape, self.g, self.dtype = n, shape, g, dtype
        self.halo = (kh - 1) * dh
        # Rows are added up later where that is less to copy, and the rows beyond the output are few.
        later = g.stride[0] == 1 and kh > 1 and c * kw >= k and 2 * self.halo < oh
        if not later:
            self.halo = 0
        self.taps, self.sums = (1, kh) if later else (kh, 1)
        self.depth, self.height = c * self.taps * kw, self.sums * k

        pixel = g.groups * (self.depth + self.height) * dtype.itemsize
        most = min(BLOCK // pixel, COLUMNS) // ow  # rows of a block
        self.rows = -(-oh // -(-oh // max(1, most - self.halo)))
        images = most // (oh + self.halo) if self.rows == oh else 1
        self.images = max(1, min(n, images))
        columns = g.groups * self.images * (self.rows + self.halo) * ow
        self.cols = np.empty(self.depth * columns, dtype), (c, self.taps, kw)
        self.z = np.empty(self.height * columns, dtype), (self.sums, k)

        self.reach = (ow - 1) * g.stride[1] + (kw - 1) * dw + 1
        bottom = (oh - 1) * g.stride[0] + (kh - 1) * dh + 1
        self.is_padded = (
            g.before != (0, 0) or self.reach > g.size[1] or bottom > g.size[0]
        )

    def __iter__(self) -> Iterator[tuple[slice, slice]]:
        """One block after another; the last images, and the last rows, may be fewer."""
        oh = self.g.out[0]
        for i in range(0, self.n, self.images):
            for r in range(0, oh, self.rows):
                yield slice(i, i + self.images), slice(r, min(oh, r + self.rows))

    def buffer(
        self, store: tuple[Array, tuple[int, ...]], m: int, rows: slice
    ) -> Array:
        """`cols` or `z`, for `m` images."""
        buffer, axes = store
        columns = m, rows.stop - rows.start + self.halo, self.g.out[1]
        shape = self.g.groups, *axes, *columns
        return buffer[: prod(shape)].reshape(shape)

    def flat(self, columns: Array) -> Array:
        """`cols` or `z` as one matrix for each group, a column for each pixel."""
        return columns.reshape(self.g.groups, -1, prod(columns.shape[-3:]))

    def to_matrix(self, w: Array) -> Array:
        """The kernel as one matrix for each group, that takes `cols` to `z`."""
        _, c, _, kw = self.shape
        w = w.reshape(self.g.groups, -1, c, self.sums, self.taps, kw)
        return w.transpose(0, 3, 1, 2, 4, 5).reshape(-1, self.height, self.depth)

    def from_matrix(self, matrix: Array) -> Array:
        """The gradient of the kernel, from that of the matrices."""
        _, c, _, kw = self.shape
        dw = matrix.reshape(self.g.groups, self.sums, -1, c, self.taps, kw)
        return dw.transpose(0, 2, 3, 1, 4, 5).reshape(self.shape)

    def lay_out(self, x: Array, rows: slice) -> Array:
        """`cols`: what each tap reads, for some rows of the outputs of the images `x`."""
        strip, inside, image = self.strip(x, rows)
        if inside is not image:
            inside[...] = image
        cols = self.buffer(self.cols, len(x), rows)
        cols[...] = self.reads(strip, cols.shape)
        return cols

    def add_up(self, cols: Array, dx: Array, rows: slice) -> None:
        """Add to `dx` what `cols` gives back to each pixel: the transpose of `lay_out`."""
        strip, inside, image = self.strip(dx, rows)
        reads = self.reads(strip, cols.shape)
        for p in range(self.taps):
            for q in range(self.g.kernel[1]):
                reads[:, :, p, q] += cols[:, :, p, q]
        if inside is not image:
            image += inside

    def strip(self, x: Array, rows: slice) -> tuple[Array, Array, Array]:
        """What the windows of some rows see of the images, with zeros around it, and where it overlaps the images.

        The overlap is given twice, as a part of the strip, and as a part of the images. The zeros are there if
        there is padding. If not, all three are the same part of the images.
        """
        g = self.g
        start = rows.start * g.stride[0] - g.before[0]
        places = rows.stop - rows.start + self.halo
        stop = start + (places - 1) * g.stride[0] + (self.taps - 1) * g.dilation[0] + 1
        if not self.is_padded:
            image = x[:, :, start:stop]
            return image, image, image
        left = g.before[1]
        first, last = max(0, start), max(0, start, min(g.size[0], stop))
        image = x[:, :, first:last, : max(0, self.reach - left)]
        strip = np.zeros((*x.shape[:2], stop - start, self.reach), x.dtype)
        inside = strip[:, :, first - start : last - start, left : left + image.shape[3]]
        return strip, inside, image

    def reads(self, strip: Array, shape: tuple[int, ...]) -> Array:
        """A view of a strip with the axes of `cols`, in which a pixel stands wherever it is read."""
        n, c, h, w = strip.strides
        (sh, sw), (dh, dw) = self.g.stride, self.g.dilation
        group = c * shape[1]
        return as_strided(strip, shape, (group, c, h * dh, w * dw, n, h * sh, w * sw))

    def add_up_rows(self, z: Array, y: Array) -> None:
        """Write to `y` the sum of what `z` has for each row of the kernel."""
        y = self.outputs(y)
        rows, d = y.shape[3], self.g.dilation[0]
        if self.sums == 1:
            y[...] = z[:, 0]
            return
        np.add(z[:, 0, :, :, :rows], z[:, 1, :, :, d : d + rows], out=y)
        for p in range(2, self.sums):
            y += z[:, p, :, :, p * d : p * d + rows]

    def lay_out_rows(self, dy: Array, rows: slice) -> Array:
        """`dz`: the gradients of some rows, once for every row of the kernel: the transpose of `add_up_rows`."""
        dy = self.outputs(dy)
        places, d = dy.shape[3], self.g.dilation[0]
        dz = self.buffer(self.z, dy.shape[2], rows)
        for p in range(self.sums):
            dz[:, p, :, :, : p * d] = 0
            dz[:, p, :, :, p * d : p * d + places] = dy
            dz[:, p, :, :, p * d + places :] = 0
        return dz

    def outputs(self, y: Array) -> Array:
        """Outputs with the axes of `z`, but without the kernel's rows."""
        m, k, rows, columns = y.shape
        y = y.reshape(m, self.g.groups, k // self.g.groups, rows, columns)
        return y.transpose(1, 2, 0, 3, 4)
