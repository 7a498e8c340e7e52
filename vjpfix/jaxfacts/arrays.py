"""Functions of JAX that give an array, and those whose arrays depend smoothly on what they are given.

The tests run them on real JAX.
"""

from __future__ import annotations

# These give an array, whatever they are given.
_ARRAYS = {
    "jax.numpy": """
        abs absolute add arccos arcsin arctan arctan2 array asarray broadcast_to cbrt clip concatenate conj
        conjugate cos cosh cumsum divide dot einsum exp exp2 expand_dims expm1 flip full full_like imag inner
        log log10 log1p log2 logaddexp matmul max maximum mean min minimum multiply nan_to_num negative ones
        ones_like outer power prod ravel real reciprocal reshape roll round sign sin sinh sqrt square stack
        std subtract sum tan tanh tensordot tile transpose true_divide var vdot zeros zeros_like""",
    "jax.lax": """
        add cos div dot dot_general exp integer_pow log max min mul neg pow rsqrt select sin sqrt square sub
        tan tanh""",
    "jax.nn": """
        elu gelu leaky_relu log_sigmoid log_softmax relu sigmoid silu softmax softplus swish tanh""",
}
ARRAY_FUNCTIONS = frozenset(f"{module}.{name}" for module, names in _ARRAYS.items() for name in names.split())
ARRAY_METHODS = frozenset(["astype", "conj", "dot", "max", "mean", "min", "prod", "ravel", "reshape", "sum"])
# Of three arguments it gives an array as well.
CHOOSES = "jax.numpy.where"

_OF_NUMPY = """
    abs absolute add arccos arcsin arctan arcsinh array asarray atleast_1d atleast_2d broadcast_to clip
    concatenate cos cosh cumprod cumsum diag divide dot exp exp2 expand_dims expm1 flip inner log log10 log1p
    log2 logaddexp matmul max maximum mean min minimum moveaxis multiply negative outer power prod ravel
    reciprocal repeat reshape roll sin sinh sqrt square squeeze stack std subtract sum swapaxes tan tanh
    tensordot tile trace transpose tril triu var vdot
"""
_OF_NN = "elu gelu leaky_relu log_sigmoid log_softmax relu sigmoid silu softmax softplus swish"

# What gives numbers that depend smoothly on its first argument, or on its second where that is an array.
SMOOTH_FUNCTIONS = frozenset(
    [f"jax.numpy.{name}" for name in _OF_NUMPY.split()] + [f"jax.nn.{name}" for name in _OF_NN.split()]
)
_OF_ARRAYS = "cumsum dot flatten max mean min prod ravel reshape squeeze std sum swapaxes trace transpose var"
SMOOTH_METHODS = frozenset(_OF_ARRAYS.split())
