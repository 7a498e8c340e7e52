"""Scenes in which nothing is to be fixed, or nothing can be, and what else a module says about its names."""

from __future__ import annotations

from dataclasses import dataclass

from .reads import ReadForm
from .table import Table

TAKEN = Table(
    "taken",
    {
        "in_the_scope": "<taken> = 1.0",
        "in_the_scope_later": "---\n<taken> = 1.0",
        "parameter": "def <k>(<taken>):\n    return <taken>, <dc>\n---\n<k>(1.0)",
        "local": "def <k>():\n    <taken> = 1.0\n    return <taken>, <dc>\n---\n<k>()",
        "comprehension": "def <k>():\n    return [<dc> for <taken> in (1.0,)]\n---\n<k>()",
        "function": "def <taken>(x):\n    return x\n---\n<taken>(1.0)",
    },
)
EXPORTS = Table(
    "exports",
    {
        "list": '__all__ = ["<dt>"]',
        "tuple_single_quotes": "__all__ = ('box', '<dt>')",
        "multiline": '__all__ = [\n|    "<dt>",  # <n>\n|    "probe",\n|]',
        "annotated": '__all__: list[str] = ["<dt>"]',
    },
)
INSTEAD = Table(
    "instead",
    {
        "own_name": "<n>_batched = <jax:vmap>(<n>)\n<n>_batched(<o>)",
        "itself": "<n> = <n>",
        "alias_of_itself": "<y> = <n>\n<n> = <y>",
        "identity": "<n> = keep(<n>)",
        "annotation_only": "<n>: object",
        "class_attribute": "class <k>:\n    <n> = <jax:vmap>(1.0)",
        "class_transforms": "<y> = <n>\nclass <k>:\n    <n> = <jax:vmap>(<y>)\n    <n>(<args><o>)",
        "attribute": "<y> = box()\n<y>.<n> = <jax:vmap>(<n>)\n<y>.<n>(<o>)",
        "item": '<y> = {}\n<y>["<n>"] = <jax:vmap>(<n>)\n<y>["<n>"](<o>)',
        "parameter": "def <k>(<n>):\n    <n> = <jax:vmap>(<n>)\n    return <n>(<o>)\n<k>(<n>)",
        "default": "def <k>(<n>=<n>):\n    <n> = <jax:vmap>(<n>)\n    return <n>(<o>)\n<k>()",
        "local_of_alias": "<y> = <n>\ndef <k>():\n    <n> = <jax:vmap>(<y>)\n    return <n>(<o>)\n<k>()",
        "loop_variable": "def <k>(z):\n    for <n> in z:\n        <n> = <jax:vmap>(<n>)\n        <n>(<o>)\n<k>([<n>])",
        "comprehension": "<y> = [<jax:vmap>(<n>)(<o>) for <n> in [<n>]]",
        "lambda": "<k> = lambda <n>: <jax:vmap>(<n>)(<o>)\n<k>(<n>)",
        "applied_at_once": "<y> = <jax:vmap>(<n>)(<o>)",
        "other_function_owns_it": """
            def <k>():
                def <n>(x):
                    return x
                <n> = <jax:vmap>(<n>)
                return <n>(<o>)
            <k>()
            """,
        "another_primal_in_each_function": """
            def <k>():
                @<jax:custom_vjp>
                def <n>(x):
                    return x
                def fwd(x):
                    return <n>(<ii>), x
                <n>.defvjp(fwd, lambda res, ct: (ct,))
                return <n>(<o>)
            def <l>():
                <n> = <jax:vmap>(keep)
                return <n>(<o>)
            <k>(), <l>()
            """,
        "redefined": "def <n>(*args, **options):\n    return token('another function')",
        "redefined_and_mapped": """
            def <n>(*args, **options):
                return token('another function')
            <n> = <jax:vmap>(<n>)
            """,
    },
)


@dataclass(frozen=True, slots=True)
class RefuseForm:
    """What stands before the rebinding, the rebinding, what stands after it. ``<h>`` is one function in
    all three and in ``read``, which is how the rules read the name."""

    before: str = ""
    after: str = "<n>(<o>)"
    rebind: str = "<n> = <jax:vmap>(<n>)"
    read: ReadForm | None = None


_BY_HELPER = ReadForm("<h>(None)")
_HELPER = "def <h>(z):\n    return <n>(<args><o>)"
_RUNS_TWICE = "def <h>():\n    return <n>(<args><o>)"
REFUSALS = Table(
    "refuse",
    {
        "helper_called_outside": RefuseForm(_HELPER, "<h>(None)", read=_BY_HELPER),
        "helper_called_by_function": RefuseForm(
            _HELPER, "def <k>():\n    return <h>(None)\n<k>()", read=_BY_HELPER
        ),
        "helper_called_by_unused_function": RefuseForm(
            _HELPER, "def <k>():\n    return <h>(None)", read=_BY_HELPER
        ),
        "helper_called_by_method": RefuseForm(
            _HELPER, "class <k>:\n    def run(self):\n        return <h>(None)\n<k>().run()", read=_BY_HELPER
        ),
        "helper_called_through_alias": RefuseForm(_HELPER, "<y> = <h>\n<y>(None)", read=_BY_HELPER),
        "helper_lambda": RefuseForm(
            "<h> = lambda z: <n>(<args><o>)", "<k> = lambda: <h>(None)\n<k>()", read=_BY_HELPER
        ),
        "helper_of_helper": RefuseForm(
            f"{_HELPER}\ndef <l>():\n    return <h>(None)",
            "<h>(None)",
            read=ReadForm("<k>(None)", helpers="def <k>(z):\n    return <h>(z)"),
        ),
        "runs_before_and_after": RefuseForm(f"{_RUNS_TWICE}\n<h>()", "<h>()"),
        "runs_before": RefuseForm(f"{_RUNS_TWICE}\n<h>()"),
        "runs_before_through_another": RefuseForm(
            f"{_RUNS_TWICE}\ndef <k>():\n    return <h>()\n<k>()", "<h>()"
        ),
        "lambda_runs_before_and_after": RefuseForm("<h> = lambda: <n>(<args><o>)\n<h>()", "<h>()"),
        "method_runs_before_and_after": RefuseForm(
            "class <h>:\n    def run(self):\n        return <n>(<args><o>)\n<h>().run()", "<h>().run()"
        ),
        "globals_write": RefuseForm(rebind='def <k>():\n    globals()["<n>"] = <jax:vmap>(<n>)\n<k>()'),
        "globals_read": RefuseForm(after='globals()["<n>"](<o>)'),
        "globals_get": RefuseForm(after="globals().get('<n>')(<o>)"),
        "getattr_of_module": RefuseForm("import sys", 'getattr(sys.modules[__name__], "<n>")(<o>)'),
        "vars_read": RefuseForm(after='vars()["<n>"](<o>)'),
        "locals_read": RefuseForm(after='locals()["<n>"](<o>)'),
        "del": RefuseForm(after="<n>(<o>)\nif mode == 99:\n    del <n>"),
        "global_write": RefuseForm(
            rebind="def <k>():\n    global <n>\n    <n> = <jax:vmap>(<n>)\n<k>()",
        ),
        "nonlocal_write": RefuseForm(
            rebind="def <k>():\n    nonlocal <n>\n    <n> = <jax:vmap>(<n>)\n<k>()",
        ),
    },
    module_only=frozenset(
        {"globals_write", "globals_read", "globals_get", "getattr_of_module", "global_write"}
    ),
    function_only=frozenset({"locals_read", "nonlocal_write"}),
)
