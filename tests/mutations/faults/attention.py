"""Faults in attention and in what is built of it."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

WEIGHTS, PRODUCT = "ops/attention/weights.py", "ops/attention/scaled_dot_product.py"
ADDITIVE, POSITIONS = "ops/attention/additive.py", "ops/attention/positions.py"
LAYER, OLDER, BLOCK = "nn/multihead.py", "nn/attention.py", "nn/transformer.py"
GPT = "models/gpt.py"
OPS = ("tests/ops/test_attention.py",)
LAYERS = ("tests/nn/test_attention.py",)
MODEL = ("tests/models/test_gpt.py", "-k", "not learns")

FAULTS = [
    Fault(
        "True in a mask leaves a key out",
        WEIGHTS,
        "np.where(mask, 0, -np.inf)",
        "np.where(mask, -np.inf, 0)",
        oracle("masked_softmax"),
    ),
    Fault(
        "a query does not see its own position",
        WEIGHTS,
        "[:, None] > queries",
        "[:, None] >= queries",
        oracle("scaled_dot_product"),
    ),
    Fault(
        "weights that are all zero are divided by zero",
        WEIGHTS,
        "total[total == 0] = 1",
        "total[total < 0] = 1",
        (*OPS, "-k", "without_keys"),
    ),
    Fault(
        "the softmax of the weights loses its inner sum",
        WEIGHTS,
        "(dp - (dp * p).sum(axis=-1, keepdims=True))",
        "dp",
        differences("masked_softmax"),
    ),
    Fault(
        "a mask of integers is taken for one kind",
        WEIGHTS,
        'if mask.dtype.kind not in "bf":',
        'if mask.dtype.kind not in "bfi":',
        (*OPS, "-k", "says_nothing_clear"),
    ),
    Fault(
        "scores are divided by the number of features",
        PRODUCT,
        "1 / sqrt(d) if scale is None",
        "1 / d if scale is None",
        oracle("scaled_dot_product"),
    ),
    Fault(
        "the inner sum is left out of the scores' gradient",
        PRODUCT,
        "_turned(share), -inner]",
        "_turned(share), 0 * inner]",
        differences("scaled_dot_product"),
    ),
    Fault(
        "a query without keys is divided by zero",
        PRODUCT,
        "c[c == 0] = 1",
        "c[c < 0] = 1",
        (*OPS, "-k", "without_keys or without_any_key"),
    ),
    Fault(
        "large scores are taken for moderate ones",
        PRODUCT,
        "if bias is not None or not is_moderate:",
        "if bias is not None:",
        (*OPS, "-k", "shift"),
    ),
    Fault(
        "large scores below zero are taken for moderate ones",
        PRODUCT,
        "max(e.max(initial=0), -e.min(initial=0))",
        "e.max(initial=0)",
        (*OPS, "-k", "shift"),
    ),
    Fault(
        "the keys' gradient is not scaled",
        PRODUCT,
        "dk *= scale",
        "dk *= 1",
        differences("scaled_dot_product"),
    ),
    Fault(
        "the queries' gradient is not scaled",
        PRODUCT,
        "dq *= scale",
        "dq *= 1",
        differences("scaled_dot_product"),
    ),
    Fault(
        "each block of queries forgets the gradients of those before",
        PRODUCT,
        "add = _added_to if rows.stop < t else np.matmul",
        "add = np.matmul",
        (*OPS, "-k", "blocks_change_nothing"),
    ),
    Fault(
        "a causal block ends one key too early",
        PRODUCT,
        "slice(0, min(end, s) if is_causal else s)",
        "slice(0, min(end - 1, s) if is_causal else s)",
        (*OPS, "-k", "blocks_change_nothing"),
    ),
    Fault(
        "hidden units saturate without losing their slope",
        ADDITIVE,
        "np.subtract(1, u, out=u)",
        "np.subtract(1, h, out=u)",
        differences("additive_scores"),
    ),
    Fault(
        "queries and keys exchange their gradients' axes",
        ADDITIVE,
        "u.sum(axis=-2) * w, u.sum(axis=-3) * w, dw",
        "u.sum(axis=-3) * w, u.sum(axis=-2) * w, dw",
        differences("additive_scores"),
    ),
    Fault(
        "the gradient of a rotation turns the same way",
        POSITIONS,
        "(turned(dy, -sin), None)",
        "(turned(dy, sin), None)",
        differences("rotary_embedding"),
    ),
    Fault(
        "sines and cosines change places",
        POSITIONS,
        "codes[:, 0::2] = np.sin(angles)",
        "codes[:, 0::2] = np.cos(angles)",
        oracle("sinusoidal_positions"),
    ),
    Fault(
        "neighbors are paired where halves should be",
        POSITIONS,
        "if interleaved\n",
        "if True\n",
        oracle("rotary_embedding"),
    ),
    Fault(
        "the heads are cut from the positions",
        LAYER,
        "_exchanged(x.reshape(*batch, t, h, d // h), -3, -2)",
        "x.reshape(*batch, h, t, d // h)",
        oracle("multi_head_attention"),
    ),
    Fault(
        "keys are made with the weights of the queries",
        LAYER,
        "keys = self._heads(k, self.w_k, self.b_k)",
        "keys = self._heads(k, self.w_q, self.b_k)",
        (*LAYERS, "-k", "each_head"),
    ),
    Fault(
        "a mask for each example is taken for one of each head",
        LAYER,
        "return mask.reshape(*batch, 1, t, s)",
        "return mask",
        (*LAYERS, "-k", "masks_are"),
    ),
    Fault(
        "the general score goes without its matrix",
        OLDER,
        "return ops.linear(s, self.w), _tensor(h)",
        "return _tensor(s), _tensor(h)",
        (*LAYERS, "-k", "luongs"),
    ),
    Fault(
        "a product of states is scaled",
        OLDER,
        "mask, scale=1.0)",
        "mask)",
        (*LAYERS, "-k", "luongs"),
    ),
    Fault(
        "the norm before a part is left out",
        BLOCK,
        "f(norm(y, rng=rng))",
        "f(y)",
        oracle("transformer_block"),
    ),
    Fault(
        "the sum behind a part is left out",
        BLOCK,
        "y = norm(dropout(f(y), rng=rng) + y, rng=rng)",
        "y = norm(dropout(f(y), rng=rng), rng=rng)",
        oracle("transformer_block"),
    ),
    Fault(
        "the memory is asked behind the network",
        BLOCK,
        "parts.insert(1, to_memory)",
        "parts.insert(2, to_memory)",
        oracle("transformer_block"),
    ),
    Fault(
        "hidden units are left out in GPT-2, too",
        GPT,
        "block.dropout.p = 0.0",
        "block.dropout.p = dropout",
        MODEL,
    ),
    Fault(
        "sums grow with depth",
        GPT,
        "0.02 / sqrt(2 * n_layer) if ends_in_a_sum",
        "0.02 if ends_in_a_sum",
        MODEL,
    ),
    Fault(
        "a block has one bias less than is counted",
        GPT,
        "12 * d * d + 13 * d",
        "12 * d * d + 12 * d",
        MODEL,
    ),
    Fault(
        "a token more than is needed is left to draw from",
        GPT,
        "np.cumsum(p, axis=-1) - p < top_p",
        "np.cumsum(p, axis=-1) - 2 * p < top_p",
        MODEL,
    ),
]
