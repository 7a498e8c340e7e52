"""Every form of every dimension, so that a test can see to it that all of them occur."""

from __future__ import annotations

from collections.abc import Mapping

from .access import ACCESSES, DOUBTFUL
from .decoys import KINDS
from .defects import DECLARATIONS, EARLY_USES, EXPORTS, IMPORTS, LATE_USES, NAMES, READS, REBINDINGS
from .defects import TAKEN as TAKEN_IN_TARGET
from .layouts import LAYOUTS
from .noise import BYSTANDERS, DRESS
from .reexports import REEXPORTS
from .refusals import ELSEWHERE, REFUSALS
from .uses import TAKEN, TRAPS, USES

_TABLES: dict[str, tuple[Mapping[str, object], ...]] = {
    "access": (ACCESSES, DOUBTFUL),
    "bystander": (BYSTANDERS, {"stub": None}),
    "chain": (dict.fromkeys("0123"),),
    "declaration": (DECLARATIONS,),
    "decoy": (KINDS,),
    "dress": (DRESS,),
    "early": (EARLY_USES,),
    "exports": (EXPORTS,),
    "imports": (IMPORTS,),
    "late": (LATE_USES,),
    "layout": (LAYOUTS, {"module_named_alike": None}),
    "name": (NAMES,),
    "read": (READS,),
    "rebind": (REBINDINGS,),
    "reexport": (REEXPORTS,),
    "refuse": (REFUSALS, ELSEWHERE),
    "sibling": (dict.fromkeys(("absolute", "module", "relative", "relative_module")),),
    "taken": (TAKEN,),
    "taken_in_target": (TAKEN_IN_TARGET,),
    "trap": (TRAPS,),
    "use": (USES,),
}
FEATURES = frozenset(
    f"{group}:{name}" for group, tables in _TABLES.items() for table in tables for name in table
)
