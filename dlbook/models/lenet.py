"""LeNet-5, the convolutional network that read checks: as it was published, and as it is written today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor, concatenate
from dlbook.nn import Conv2d, Flatten, Linear, MaxPool2d, Module, Sequential
from dlbook.nn.inputs import as_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float
    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd.core import Array

# For each of the 16 maps of C3, the maps of S2 that it sees.
CONNECTIONS = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip

# What the 84 units of F6 shall look like for each digit: 12 rows of 7. Drawn for this book; the paper has its own.
DIGITS = """
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
..###.. ...##.. .#####. .#####. ....##. ####### ..####. ####### .#####. .#####.
.##.##. ..###.. ##...## ##...## ...###. ##..... .##.... .....## ##...## ##...##
##...## .####.. .....## .....## ..####. ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## .##.##. ##..... ##..... ....##. ##...## ##...##
##...## ...##.. ....##. ..####. ##..##. ######. ######. ....##. .#####. ##...##
##...## ...##.. ...##.. .....## ##..##. .....## ##...## ...##.. ##...## .######
##...## ...##.. ..##... .....## ####### .....## ##...## ...##.. ##...## .....##
##...## ...##.. .##.... .....## ....##. .....## ##...## ..##... ##...## .....##
.##.##. ...##.. ##..... ##...## ....##. ##...## ##...## ..##... ##...## ....##.
..###.. .###### ####### .#####. ....##. .#####. .#####. ..##... .#####. .####..
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
"""


class LeNet5(Sequential):
    r"""Two convolutions, each followed by a layer of smaller maps, then dense layers that read the small maps.

    The common form has ReLUs and max pooling. An image goes through the sizes
    $$32^2 \to 6 \times 28^2 \to 6 \times 14^2 \to 16 \times 10^2 \to 16 \times 5^2 = 400 \to 120 \to 84 \to 10,$$
    and the parameters are
    $$156 + 2416 + 48{,}120 + 10{,}164 + 850 = 61{,}706 .$$
    The form of the paper (`original=True`) has the same sizes, and

    - squashes each sum by $1.7159 \tanh(\tfrac23 z)$, which maps $\pm 1$ to $\pm 1$;
    - subsamples by `Subsampling`, with two parameters a map;
    - lets each map of the second convolution, C3, see some maps only (`ConnectedConv2d`), so that no two see the same;
    - answers by how far the 84 units are from the picture of each digit (`Distances`); the $10 \cdot 84$ numbers of the
      pictures are fixed.

    Its parameters are
    $$156 + 12 + 1516 + 32 + 48{,}120 + 10{,}164 = 60{,}000 .$$
    In both, the scores are for `cross_entropy`; with the paper's, this is its discriminative criterion, without the
    extra class for rubbish.

    Images have 32 rows and columns, so that strokes near the border come to the middle of some window. Those of 28 are
    padded by the caller, who knows the number that stands for no ink: `np.pad(x, [(0, 0), (0, 0), (2, 2), (2, 2)])`.
    The paper's inputs are $-0.1$ where there is no ink and $1.175$ where there is most, about mean 0 and variance 1.

    Args:
        original: Whether to build the form of the paper.
        rng: Draws the initial parameters. Those of the common form are PyTorch's; those of the paper's are uniform in
            $[-2.4/f, 2.4/f]$, where $f$ is the number of inputs of a unit.
        dtype: The dtype of the parameters, and so of the output.

    Raises:
        TypeError: If `dtype` is not a float type.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition* (1998),
        section II.B; the criterion: equation 9.

    Examples:
        >>> from dlbook.nn import count_parameters
        >>> model = LeNet5(rng=np.random.default_rng(0))
        >>> model(np.zeros((5, 1, 32, 32))).shape, count_parameters(model)
        ((5, 10), 61706)
        >>> count_parameters(LeNet5(original=True, rng=np.random.default_rng(0)))
        60000
        >>> model[:3](np.zeros((5, 1, 32, 32))).shape
        (5, 6, 14, 14)
    """

    def __init__(
        self,
        *,
        original: bool = False,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        layers = _of_the_paper(rng, dtype) if original else _common(rng, dtype)
        super().__init__(*layers)

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """Scores for the ten digits, in the shape (n, 10), for images `x` in the shape (n, 1, 32, 32).

        Raises:
            ValueError: If the images have another shape.
        """
        first: Any = self[0]
        images: Any = as_input("LeNet5", x, first.w)
        if images.shape[1:] != (1, 32, 32):
            small = images.shape[1:] == (1, 28, 28)
            raise ValueError(
                f"LeNet5: x: expected images in the shape (n, 1, 32, 32), got {images.shape}"
                f"{'; pad them by 2 on each side' if small else ''}"
            )
        return super().forward(images, rng=rng)


class Subsampling(Module):
    r"""A quarter of the pixels: four neighbors are added, times a coefficient of the map, plus a bias of the map.

    $$y_{cij} = w_c \sum_{a, b \in \{0, 1\}} x_{c,\, 2i + a,\, 2j + b} + b_c .$$
    With a small coefficient the squashing that follows is nearly linear and the layer blurs; with a large one it is
    a noisy "or" or "and" of the four.

    Args:
        channels: The number of maps, $c$.
        rng: Draws coefficients and biases, uniform in $[-2.4/4, 2.4/4]$: a unit has four inputs.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: The coefficients, in the shape (c,).
        b: The biases, in the shape (c,).

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition* (1998),
        section II.B, layers S2 and S4.

    Examples:
        >>> layer = Subsampling(1, rng=np.random.default_rng(0), dtype=np.float64)
        >>> layer.w.value, layer.b.value = np.array([0.5]), np.array([1.0])
        >>> layer(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
        Tensor([[[[6.]]]])
    """

    def __init__(
        self, channels: int, *, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> None:
        self.w, self.b = (_drawn((channels,), 4, rng, dtype) for _ in "wb")

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The smaller maps, in the shape (n, c, h / 2, w / 2), for `x` in the shape (n, c, h, w)."""
        x = as_input("Subsampling", x, self.w)
        means = ops.avg_pool2d(x, kernel_size=2)
        w, b = (p.reshape(-1, 1, 1) for p in (self.w, self.b))
        return (4 * w) * means + b

    def extra_repr(self) -> str:
        """The number of maps."""
        return f"{self.w.size}"


class ConnectedConv2d(Module):
    r"""A convolution in which each map sees some of the input's maps, as a table says.

    $$y_k = \sum_{c \in T_k} x_c \star w_{kc} + b_k .$$
    Only the kernels of the table are there; a dense kernel with zeros in the other places does the work.

    Args:
        connections: The table $T$: for each output map the numbers of the input maps that it sees.
        kernel_size: Rows and columns of a kernel.
        rng: Draws kernels and biases, map by map, uniform in $[-2.4/f, 2.4/f]$, where $f$ is the number of inputs that
            a unit of the map has.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: The kernels, one for each entry of the table in its order, in the shape (entries, kh, kw).
        b: The biases, in the shape (k,).

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition* (1998),
        section II.B, layer C3 and table I.

    Examples:
        >>> from dlbook.nn import count_parameters
        >>> layer = ConnectedConv2d(CONNECTIONS, 5, rng=np.random.default_rng(0))
        >>> layer(np.zeros((2, 6, 14, 14))).shape, count_parameters(layer)
        ((2, 16, 10, 10), 1516)
    """

    def __init__(
        self,
        connections: tuple[tuple[int, ...], ...],
        kernel_size: int,
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        size = (kernel_size, kernel_size)
        inputs = [len(seen) * kernel_size**2 for seen in connections]
        drawn = [
            _drawn((len(seen), *size), f, rng, dtype).value
            for seen, f in zip(connections, inputs, strict=True)
        ]
        self.connections = connections
        self.w = Parameter(np.concatenate(drawn))
        drawn = [_drawn((1,), f, rng, dtype).value for f in inputs]
        self.b = Parameter(np.concatenate(drawn))

    def kernel(self) -> Tensor:
        """The dense kernel, in the shape (k, c, kh, kw), with zeros where the table has no entry."""
        nothing = np.zeros((1, *self.w.shape[1:]), self.w.dtype)
        inputs = np.concatenate(self.connections)
        outputs = np.repeat(range(len(self.connections)), [*map(len, self.connections)])
        places = np.full((len(self.connections), 1 + inputs.max()), len(self.w))
        places[outputs, inputs] = range(len(self.w))
        return concatenate([self.w, nothing])[places]

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The maps, in the shape (n, k, h - kh + 1, w - kw + 1), for `x` in the shape (n, c, h, w)."""
        x = as_input("ConnectedConv2d", x, self.w)
        return ops.conv2d(x, self.kernel(), self.b)

    def extra_repr(self) -> str:
        """The maps, the entries of the table, and the kernels' size."""
        entries, *size = self.w.shape
        return f"{len(self.connections)}, entries={entries}, kernel_size={tuple(size)}"


class Distances(Module):
    r"""Scores by nearness: minus the squared distance to a center for each class.

    $$z_k = -\sum_j (x_j - c_{kj})^2 .$$
    The centers are fixed. `softmax` of these scores takes $x$ for a draw from one of several normal distributions of
    variance $\tfrac12$ around them.

    Args:
        centers: The centers, in the shape (k, d).

    Attributes:
        centers: The same; not trained.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition* (1998),
        equation 7, there with the opposite sign, as penalties.

    Examples:
        >>> layer = Distances(np.array([[1.0, 1.0], [-1.0, 1.0]]))
        >>> layer(np.array([[1.0, 0.0]]))
        Tensor([[-1., -5.]])
    """

    def __init__(self, centers: Float[Array, "k d"]) -> None:
        self.centers = centers

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The scores, in the shape (n, k), for `x` in the shape (n, d)."""
        x = x if isinstance(x, Tensor) else Tensor(x, self.centers.dtype)
        apart = x.reshape(-1, 1, self.centers.shape[1]) - self.centers
        return -(apart * apart).sum(axis=2)

    def extra_repr(self) -> str:
        """The number of centers, and of features."""
        return "{}, {}".format(*self.centers.shape)


def scaled_tanh(z: Any) -> Any:
    r"""LeNet's squashing, $a = 1.7159 \tanh(\tfrac23 z)$: $\pm 1$ go to $\pm 1$, where it bends the most.

    Args:
        z: Scores, of any shape.

    Source:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition* (1998),
        appendix A.

    Examples:
        >>> scaled_tanh(np.array([-1.0, 0.0, 1.0])).round(3)
        array([-1.,  0.,  1.])
    """
    return 1.7159 * ops.tanh(2 / 3 * z)


def digit_pictures() -> Float[Array, "10 84"]:
    """The pictures that the units of F6 shall show, 12 rows of 7 for each digit: +1 for ink, -1 for paper.

    Examples:
        >>> one = digit_pictures()[1].reshape(12, 7)
        >>> print("".join(".#"[int(ink > 0)] for ink in one[3]))
        .####..
    """
    rows = np.array(
        [[list(part) for part in row.split()] for row in DIGITS.split("\n")[1:-1]]
    )
    return np.where(rows == "#", 1.0, -1.0).swapaxes(0, 1).reshape(10, 84)


def _common(rng: np.random.Generator, dtype: DTypeLike) -> list[Callable[..., Any]]:
    made: dict[str, Any] = {"rng": rng, "dtype": dtype}
    return [
        Conv2d(1, 6, 5, **made), ops.relu, MaxPool2d(2),
        Conv2d(6, 16, 5, **made), ops.relu, MaxPool2d(2),
        Flatten(),
        Linear(400, 120, **made), ops.relu,
        Linear(120, 84, **made), ops.relu,
        Linear(84, 10, **made),
    ]  # fmt: skip


def _of_the_paper(
    rng: np.random.Generator, dtype: DTypeLike
) -> list[Callable[..., Any]]:
    made: dict[str, Any] = {"rng": rng, "dtype": dtype}
    c1, c5, f6 = (
        Conv2d(1, 6, 5, **made),
        Conv2d(16, 120, 5, **made),
        Linear(120, 84, **made),
    )
    for layer, inputs in ((c1, 25), (c5, 400), (f6, 120)):
        assert layer.b is not None
        for p in (layer.w, layer.b):
            p.value = _drawn(p.shape, inputs, rng, dtype).value
    return [
        c1, scaled_tanh, Subsampling(6, **made), scaled_tanh,
        ConnectedConv2d(CONNECTIONS, 5, **made), scaled_tanh, Subsampling(16, **made), scaled_tanh,
        c5, scaled_tanh, Flatten(), f6, scaled_tanh,
        Distances(digit_pictures().astype(dtype)),
    ]  # fmt: skip


def _drawn(
    shape: tuple[int, ...], inputs: int, rng: np.random.Generator, dtype: DTypeLike
) -> Parameter:
    """A parameter as the paper draws it: uniform, in a range that the number of a unit's inputs narrows."""
    return Parameter(rng.uniform(-2.4 / inputs, 2.4 / inputs, shape), dtype)
