"""Whole derivations of the book's first chapters, with faults that one may make in them.

A fault is a piece of text, what it is changed to, and the beginning of the line that the press must then name.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """A mistake that is made on purpose."""

    kind: str
    old: str
    new: str
    line: str


class Example(NamedTuple):
    """A derivation and faults planted in it."""

    code: str
    faults: tuple[Fault, ...]


LOG_ODDS = Example(
    r"""
given:
    z = rng.normal(scale=2)
    sigma = lambda z: 1 / (1 + exp(-z))
    a = sigma(z)
steps:
    log(a / (1 - a))
    = log(1 / (1 + exp(-z)) / (exp(-z) / (1 + exp(-z))))   # definition of $a$; common denominator
      tex: \ln\biggl(\frac{1}{1 + e^{-z}} \cdot \frac{1 + e^{-z}}{e^{-z}}\biggr)
    = log(exp(z))                                          # the denominators cancel
    = z                                                    # the logarithm undoes the exponential
""",
    (
        Fault("sign", "= log(exp(z))", "= log(exp(-z))", "= log(exp(-z))"),
        Fault("factor", "    = z ", "    = 2 * z ", "= 2 * z"),
        Fault(
            "formula",
            r"\frac{1 + e^{-z}}{e^{-z}}",
            r"\frac{1 + e^{-z}}{e^{z}}",
            "= log(1 / (1",
        ),
        Fault("dropped", "(1 + exp(-z)) / (exp", "(exp(-z)) / (exp", "= log(1 / (exp"),
    ),
)

SLOPE = Example(
    r"""
given:
    z = rng.normal(scale=3)
    sigma = lambda z: 1 / (1 + exp(-z))
show:
    sigma(z): \sigma(z)
steps:
    d(sigma, z)
    = d(lambda z: (1 + exp(-z))**-1, z)                # definition
    = -(1 + exp(-z))**-2 * -exp(-z)                    # chain rule
    = 1 / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))    # the signs cancel; split the square
    = sigma(z) * (1 - sigma(z))                        # \eqref{eq:complement}, read backward {eq:slope-final}
      tex: \sigma(z)\,\bigl(1 - \sigma(z)\bigr)
    <= 1/4                                             # largest where both factors are one half
""",
    (
        Fault("sign", "**-2 * -exp(-z)", "**-2 * exp(-z)", "= -(1 + exp(-z))**-2"),
        Fault("sign", "(1 - sigma(z))   ", "(1 + sigma(z))   ", "= sigma(z) * (1 +"),
        Fault("factor", "**-2 *", "**-3 *", "= -(1 + exp(-z))**-3"),
        Fault("formula", r"\bigl(1 - \sigma(z)", r"\bigl(1 + \sigma(z)", "= sigma(z)"),
        Fault("dropped", "= 1 / (1 + exp(-z)) *", "=", "= (exp(-z)"),
        Fault("bound", "<= 1/4", "<= 1/8", "<= 1/8"),
        Fault("bound", "<= 1/4", ">= 1/4", ">= 1/4"),
    ),
)

LIKELIHOOD = Example(
    r"""
given:
    m = 8
    a = rng.uniform(0.05, 0.95, size=m)
    y = rng.integers(0, 2, size=m)
    P = lambda i: a[i] if y[i] == 1 else 1 - a[i]
    L = lambda a, y: -(y * log(a) + (1 - y) * log(1 - a))
    J = mean(L(a[i], y[i]) for i in range(m))
show:
    a[i]: a^{(i)}
    y[i]: y^{(i)}
    P(i): P\bigl(y^{(i)} \mid x^{(i)}\bigr)
steps:
    -1/m * log(prod(P(i) for i in range(m)))
    = -1/m * sum(log(P(i)) for i in range(m))                  # log of a product
    = -1/m * sum(log(a[i]**y[i] * (1 - a[i])**(1 - y[i]))
                 for i in range(m))                            # both cases at once
    = -1/m * sum(y[i] * log(a[i]) + (1 - y[i]) * log(1 - a[i])
                 for i in range(m))                            # log of the powers {eq:loglik}
      tex: -\frac{1}{m} \sum_{i=1}^m
           \Bigl[y^{(i)} \ln a^{(i)} + \bigl(1 - y^{(i)}\bigr) \ln\bigl(1 - a^{(i)}\bigr)\Bigr]
    = mean(L(a[i], y[i]) for i in range(m))                    # the sign goes inside
    = J                                                        # definition of the cost
""",
    (
        Fault(
            "sign",
            "    = -1/m * sum(log(P",
            "    = 1/m * sum(log(P",
            "= 1/m * sum(log(P",
        ),
        Fault(
            "factor",
            "    = -1/m * sum(log(a",
            "    = -2/m * sum(log(a",
            "= -2/m * sum(log(a",
        ),
        Fault("formula", r"\ln a^{(i)} +", r"\ln a^{(i)} -", "= -1/m * sum(y"),
        Fault("index", "log(1 - a[i])\n", "log(1 - a[0])\n", "= -1/m * sum(y"),
        Fault("dropped", "**y[i] * (1", " * (1", "= -1/m * sum(log(a"),
    ),
)

LOSS = Example(
    r"""
given:
    z = rng.normal(scale=3)
    y = rng.integers(0, 2)
    sigma = lambda z: 1 / (1 + exp(-z))
show:
    sigma(z): \sigma(z)
steps:
    -y * log(sigma(z)) - (1 - y) * log(1 - sigma(z))
    = y * log(1 + exp(-z)) + (1 - y) * log(1 + exp(z))          # definition of $\sigma$
    = y * (log(1 + exp(z)) - z) + (1 - y) * log(1 + exp(z))     # $1 + e^{-z} = e^{-z}\,(e^{z} + 1)$
    = log(1 + exp(z)) - y * z                                   # $y + (1 - y) = 1$
      tex: \ln\bigl(1 + e^{z}\bigr) - yz
""",
    (
        Fault("sign", "- y * z", "+ y * z", "= log(1 + exp(z)) + y"),
        Fault("factor", "= y * log(1", "= 2 * y * log(1", "= 2 * y"),
        Fault("formula", "- yz", "- y", "= log(1 + exp(z)) - y"),
        Fault(
            "dropped",
            "(log(1 + exp(z)) - z)",
            "log(1 + exp(z))",
            "= y * log(1 + exp(z))",
        ),
    ),
)

GRADIENT = Example(
    r"""
given:
    m, n = 6, 3
    x = rng.normal(size=(m, n))
    y = rng.integers(0, 2, size=m)
    w, b = rng.normal(size=n), rng.normal()
    sigma = lambda z: 1 / (1 + exp(-z))
    z = x @ w + b
    a = sigma(z)
    loss = lambda z, y: log(1 + exp(z)) - y * z
    J = lambda w: mean(loss(x[i] @ w + b, y[i]) for i in range(m))
    L = [lambda z, i=i: loss(z, y[i]) for i in range(m)]
    X = x
show:
    a[i]: a^{(i)}
    y[i]: y^{(i)}
    x[i, j]: x^{(i)}_j
    d(L[i], z[i]): \frac{\partial L^{(i)}}{\partial z^{(i)}}
for:
    j in range(n)
steps:
    d(J, w)[j]
    = 1/m * sum(d(L[i], z[i]) * x[i, j] for i in range(m))    # $J$ is a mean, and $z$ contains $w_j x_j$
      tex by hand: \frac{1}{m} \sum_{i=1}^m \frac{\partial L}{\partial z^{(i)}} \frac{\partial z^{(i)}}{\partial w_j}
    = 1/m * sum((a[i] - y[i]) * x[i, j] for i in range(m))    # \eqref{eq:dz}
    = 1/m * (X.T @ (a - y))[j]                                # row $j$ of $X^\top$
""",
    (
        Fault("sign", "sum((a[i] - y[i])", "sum((a[i] + y[i])", "= 1/m * sum((a[i] +"),
        Fault("factor", "= 1/m * (X", "= 2/m * (X", "= 2/m * (X"),
        Fault(
            "index",
            "x[i, j] for i in range(m))    # \\eqref",
            "x[i, 0] for i in range(m))    # \\eqref",
            "= 1/m * sum((a[i]",
        ),
        Fault("dropped", "(a - y))[j]", "a)[j]", "= 1/m * (X.T"),
        Fault(
            "transposed",
            "(X.T @ (a - y))[j]",
            "((a - y) @ X)[n - 1 - j]",
            "= 1/m * ((a",
        ),
    ),
)

SECOND = Example(
    r"""
given:
    z = rng.normal(scale=2)
    sigma = lambda z: 1 / (1 + exp(-z))
    a = sigma(z)
    S = lambda z: (sigma(z) - 1)**2 / 2
steps:
    d(lambda z: d(S, z), z)
    = a**2 * (1 - a)**2 + (a - 1) * a * (1 - a) * (1 - 2*a)   # product rule, $y = 1$
    = a * (1 - a)**2 * (a - (1 - 2*a))                        # $a - 1 = -(1 - a)$
    = a * (1 - a)**2 * (3*a - 1)                              # collect
      tex: a\,(1 - a)^2\,(3a - 1)
""",
    (
        Fault("sign", "(3*a - 1)", "(3*a + 1)", "= a * (1 - a)**2 * (3"),
        Fault("factor", "* (a - (1", "* (2*a - (1", "= a * (1 - a)**2 * (2"),
        Fault("formula", "(3a - 1)", "(2a - 1)", "= a * (1 - a)**2 * (3"),
        Fault("dropped", "= a**2 * (1 - a)**2 + ", "= ", "= (a - 1)"),
    ),
)

CHAIN_RULE = Example(
    r"""
given:
    x = rng.uniform(1, 1.5)
    f, g = sin, lambda x: x**3 - x
    u = g(x)
    rho = lambda h: (g(x + h) - g(x)) / h - d(g, x)
    k = (d(g, x) + rho(h)) * h
    sigma = lambda k: (f(u + k) - f(u)) / k - d(f, u)
show:
    d(f, u): f'(u)
as:
    h -> 0
steps:
    (f(g(x + h)) - f(g(x))) / h
    = (f(u + k) - f(u)) / h                         # with $u = g(x)$ and $k = (g'(x) + \rho(h))\,h$
    = (d(f, u) + sigma(k)) * k / h                  # the form of $f$
    = (d(f, u) + sigma(k)) * (d(g, x) + rho(h))     # put in $k$
    -> d(f, u) * d(g, x)                            # both errors tend to 0
""",
    (
        Fault("sign", "-> d(f, u)", "-> -d(f, u)", "-> -d"),
        Fault("factor", "-> d(f, u)", "-> 2 * d(f, u)", "-> 2"),
        Fault(
            "dropped",
            "* (d(g, x) + rho(h))  ",
            "* d(g, x)  ",
            "= (d(f, u) + sigma(k)) * d",
        ),
        Fault("argument", "= (f(u + k)", "= (f(u - k)", "= (f(u - k)"),
        Fault("moving", "-> d(f, u)", "-> (1 + h) * d(f, u)", "-> (1 + h)"),
    ),
)

MATRIX_RULE = Example(
    r"""
given:
    n, m, k = 3, 4, 2
    X, W = rng.normal(size=(n, m)), rng.normal(size=(m, k))
    L = lambda X: np.sum(sin(X @ W))
    Z = lambda X: X @ W
    G = np.cos(X @ W)
show:
    G: \bar Z
for:
    r in range(n)
    j in range(m)
steps:
    d(L, X)[r, j]
    = sum(G[i, l] * d(Z, X)[i, l, r, j] for i in range(n) for l in range(k))    # over all that uses $X_{rj}$
    = sum(G[i, l] * (i == r) * W[j, l] for i in range(n) for l in range(k))     # the slopes above
    = sum(G[r, l] * W[j, l] for l in range(k))                                  # only $i = r$ is left
      tex: \sum_{l=1}^{k} \bar Z_{rl}\, W_{jl}
    = (G @ W.T)[r, j]                                                           # definition of the product
""",
    (
        Fault("sign", "= (G @ W.T)", "= (-G @ W.T)", "= (-G"),
        Fault("factor", "= sum(G[r, l] *", "= sum(2 * G[r, l] *", "= sum(2"),
        Fault("index", "W[j, l] for l", "W[l, l] for l", "= sum(G[r, l] * W[l"),
        Fault("formula", r"W_{jl}", r"W_{rl}", "= sum(G[r, l]"),
        Fault("dropped", " * (i == r)", "", "= sum(G[i, l] * W"),
    ),
)

SOFTMAX = Example(
    r"""
given:
    n, t = 5, 2
    z = rng.normal(size=n)
    softmax = lambda z: exp(z) / np.sum(exp(z))
    y, a = np.eye(n)[t], softmax(z)
    L = lambda z: -sum(y[i] * log(softmax(z)[i]) for i in range(n))
    C = lambda a: -sum(y[i] * log(a[i]) for i in range(n))
    p = softmax
show:
    d(C, a)[i]: \frac{\partial L}{\partial a_i}
    d(p, z)[i, j]: \frac{\partial a_i}{\partial z_j}
for:
    j in range(n)
steps:
    d(L, z)[j]
    = sum(d(C, a)[i] * d(p, z)[i, j] for i in range(n))                # the chain rule over every output
    = sum(-y[i] / a[i] * (a[i] * ((i == j) - a[j])) for i in range(n)) # \eqref{eq:softmax-jacobian}
    = a[j] * sum(y[i] for i in range(n)) - y[j]                        # only $i = j$ has the bracket's 1
    = a[j] - y[j]                                                      # the $y_i$ add up to one
      tex: a_j - y_j
""",
    (
        Fault("sign", "= sum(-y[i]", "= sum(y[i]", "= sum(y[i]"),
        Fault("factor", "= a[j] * sum", "= 2 * a[j] * sum", "= 2"),
        Fault("index", "- a[j]))", "- a[i]))", "= sum(-y[i]"),
        Fault("formula", "tex: a_j - y_j", "tex: a_j + y_j", "= a[j] - y[j]"),
        Fault("dropped", "((i == j) - a[j])", "(i == j)", "= sum(-y[i]"),
    ),
)

EXAMPLES = {
    "log-odds": LOG_ODDS,
    "slope": SLOPE,
    "likelihood": LIKELIHOOD,
    "loss": LOSS,
    "gradient": GRADIENT,
    "second derivative": SECOND,
    "chain rule": CHAIN_RULE,
    "matrix rule": MATRIX_RULE,
    "softmax": SOFTMAX,
}
