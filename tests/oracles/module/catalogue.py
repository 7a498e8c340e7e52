"""Every form of every dimension, so that a test can see to it that all of them occur."""

from __future__ import annotations

from . import imports
from .deferred import DEFERRED
from .fixable import CHAINS, EXPORTS, TAKEN
from .leave import INSTEAD, LEAVES
from .noise import COMMENTS, ENDS, INDENTS, LAYOUTS, NEWLINES
from .program import HEADERS, NAMES
from .reads import BLIND_READS, LAMBDA_READS, READS
from .rebind import SIMPLE, WRAPPERS
from .rebind_flow import FLOW
from .refuse import REFUSALS
from .region import DECLARATIONS, GRADIENT_DECLARATIONS, JVP_ATTACHMENTS, KINDS, ROLES, VJP_ATTACHMENTS
from .scene import SCOPES, Verdict
from .transforms import APPLICATIONS, COMPOSITIONS, TRANSFORM_FEATURES
from .traps import TRAPS
from .uses import IMMEDIATE

_REGION = (KINDS, DECLARATIONS, GRADIENT_DECLARATIONS, VJP_ATTACHMENTS, JVP_ATTACHMENTS)
_READS = (READS, LAMBDA_READS, BLIND_READS)
_REBINDINGS = (SIMPLE, WRAPPERS, FLOW, APPLICATIONS, COMPOSITIONS, CHAINS)
_USES = (IMMEDIATE, DEFERRED, TRAPS, EXPORTS, TAKEN)
_OTHERS = (LEAVES, INSTEAD, REFUSALS, SCOPES)
_LAYOUT = (NAMES, HEADERS, COMMENTS, ENDS, INDENTS, LAYOUTS, NEWLINES)

FEATURES = frozenset[str]().union(
    *(table.features for table in (*_REGION, *_READS, *_REBINDINGS, *_USES, *_OTHERS, *_LAYOUT)),
    imports.FEATURES,
    TRANSFORM_FEATURES,
    {f"reads_in:{role}" for roles in ROLES.values() for role in roles},
    {f"verdict:{verdict.value}" for verdict in Verdict},
    {f"encoding:{encoding}" for encoding in ("utf-8", "utf-8-sig", "latin-1")},
    {"rebind:nested", "scenes:two", "scenes:two_of_one_name"},
)
