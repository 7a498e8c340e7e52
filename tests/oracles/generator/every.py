"""A program from a seed, and the forms of which programs of each kind are made."""

from __future__ import annotations

from tests.oracles.forms import (
    accesses,
    layouts,
    others,
    passing_on,
    reads,
    rebindings,
    regions,
    stacked,
    uses,
)
from tests.oracles.forms.paths import TABLES

from . import modules, noise, spelling
from .modules import module
from .paths import paths
from .program import Kind, Program
from .projects import project
from .recipes import LEAVES
from .scene import SCOPES


def generate(kind: Kind, seed: int) -> Program:
    """The program of a seed: always the same one."""
    if kind is Kind.PATHS:
        return paths(seed)
    return project(seed) if kind is Kind.PROJECT else module(seed, kind)


_REGION = (regions.KINDS, regions.DECLARATIONS, regions.GRADIENT_DECLARATIONS, *regions.ATTACHMENTS.values())
_REBINDINGS = (
    *(rebindings.SIMPLE, rebindings.WRAPPERS, rebindings.FLOW, rebindings.CHAINS),
    *(rebindings.APPLICATIONS, rebindings.COMPOSITIONS),
)
_MODULE = (
    *(*_REGION, *_REBINDINGS, reads.READS, reads.LAMBDA_READS, reads.BLIND_READS, SCOPES, LEAVES),
    *(
        uses.IMMEDIATE,
        uses.DEFERRED,
        uses.TRAPS,
        others.TAKEN,
        others.EXPORTS,
        others.INSTEAD,
        others.REFUSALS,
    ),
    *(
        modules.NAMES,
        modules.HEADERS,
        noise.COMMENTS,
        noise.ENDS,
        noise.INDENTS,
        noise.LAYOUTS,
        noise.NEWLINES,
    ),
)
_STACKED = (stacked.ABOVE, stacked.BELOW, stacked.BETWEEN, stacked.AFTER, *stacked.ATTACHMENTS.values())
_PROJECT = (
    *(
        accesses.ACCESSES,
        accesses.DOUBTFUL,
        layouts.LAYOUTS,
        layouts.DECOYS,
        layouts.SIBLINGS,
        others.EXPORTS,
    ),
    *(passing_on.REEXPORTS, passing_on.REFUSALS, passing_on.ELSEWHERE, others.TAKEN, uses.TRAPS),
)
FEATURES = {
    Kind.MODULE: frozenset[str]().union(
        *(table.features for table in _MODULE),
        spelling.FEATURES,
        {f"transform:{name}" for name in rebindings.TRANSFORMS},
        {f"reads_in:{role}" for roles in regions.ROLES.values() for role in roles},
        {f"verdict:{verdict}" for verdict in ("FIX", "REFUSE", "LEAVE")},
        {f"encoding:{encoding}" for encoding in ("utf-8", "utf-8-sig", "latin-1")},
        {"rebind:nested", "scenes:two", "scenes:two_of_one_name"},
    ),
    Kind.STACKED: frozenset[str]().union(
        *(table.features for table in _STACKED), {"verdict:NO_FIX", "verdict:ANY"}
    ),
    Kind.PATHS: frozenset(f"{group}:{name}" for group, forms in TABLES.items() for name in forms),
    Kind.PROJECT: frozenset[str]().union(
        *(table.features for table in _PROJECT),
        {f"bystander:{name}" for name in (*layouts.BYSTANDERS, "stub")},
        {f"passed_on:{number}" for number in range(4)},
        {"layout:module_named_alike", "use:f_string_shown"},
    ),
}
