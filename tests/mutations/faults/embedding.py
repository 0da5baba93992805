"""Faults in rows looked up in a table."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

EMBEDDING, MODULE = "ops/embedding.py", "nn/embedding.py"

FAULTS = [
    Fault(
        "a row that is read twice is paid once",
        EMBEDDING,
        "np.add.reduce(dy[a:b], axis=0, out=dw[row])",
        "pass",
        differences("embedding"),
    ),
    Fault(
        "gradients are added up in the order of the positions, not of the sorted indices",
        EMBEDDING,
        "dy.reshape(i.size, d)[order]",
        "dy.reshape(i.size, d)",
        oracle("embedding"),
    ),
    Fault(
        "the rows of index zero are never paid",
        EMBEDDING,
        "prepend=-1",
        "prepend=0",
        differences("embedding"),
    ),
    Fault(
        "negative indices count from the end",
        EMBEDDING,
        "i.min() < 0 or i.max() >= n",
        "i.max() >= n",
        ("tests/ops/test_embedding.py",),
    ),
    Fault(
        "the padding is trained",
        EMBEDDING,
        "dw[padding_idx] = 0",
        "dw[padding_idx] *= 1",
        oracle("embedding"),
    ),
    Fault(
        "padding of index zero counts as none",
        EMBEDDING,
        "if padding_idx is not None:",
        "if padding_idx:",
        oracle("embedding"),
    ),
    Fault(
        "the layer forgets its padding",
        MODULE,
        "ops.embedding(i, self.w, padding_idx=self.padding_idx)",
        "ops.embedding(i, self.w)",
        ("tests/nn/test_embedding.py",),
    ),
    Fault(
        "the padding's first vector is drawn",
        MODULE,
        "w[padding_idx] = 0",
        "pass",
        ("tests/nn/test_embedding.py",),
    ),
]
