"""Modules that have the same name as the one with the mistake, of file or of function."""

from __future__ import annotations

_FUNCTION = """
from probing import said


def <f>(*args, **kwargs):
    return said('unrelated', *args, **kwargs)


<f>(<o>)
"""
_HEALTHY = """
import jax

@jax.custom_vjp
def <f>(x):
    return x


<f>.defvjp(lambda x: (<f>(<o>), x), lambda res, ct: (ct,))
<f>(<o>)
"""
_JITTED = "\n<f> = jax.jit(<f>)\n<f>(<o>)\n"
KINDS = {"function": _FUNCTION, "healthy": _HEALTHY, "jitted": _HEALTHY + _JITTED, "defect": ""}
"""Their text; none for a module that has the mistake as well."""
TWIN = "def <f>(x):\n    return x"
