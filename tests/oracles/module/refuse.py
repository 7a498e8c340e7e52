"""Scenes with the mistake in which no edit is right: the tool must say why and touch nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .draw import Draw, Filling, Table
from .fixable import some_roles
from .reads import ReadForm
from .region import KINDS, make_region
from .scene import Scene, Stage, Verdict, region_lines, settled
from .text import State
from .transforms import MAPS


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


def refuse(draw: Draw, scope: str) -> Scene:
    """A scene with a finding that has no right fix."""
    form = draw.pick(REFUSALS)
    kind = draw.pick(KINDS)
    draw.shared = {"h": draw.fresh("shared")}
    draw.transforms = MAPS
    roles = some_roles(draw, kind, certain=False)
    region = make_region(draw, kind, roles, form.read)
    stage = Stage(draw, [*region_lines(draw, region), *region.late], [])
    filling = Filling(draw, State.ORIGINAL)
    stage.some(State.ORIGINAL, 0, 1)
    for part in (form.before, form.rebind, form.after):
        stage.lines += filling.lines(part)
        stage.some(State.ORIGINAL, 0, 1)
    return settled(draw, scope, stage.finish(), State.ORIGINAL, draw.name, Verdict.REFUSE, unharmed=False)
