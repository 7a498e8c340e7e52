"""Programs about the contract of rules: by rule, those that break it and those that do not."""

from contract_suite import forward, pairs, parameters, tuples, unattached

BAD = {
    "VJP201": unattached.BAD,
    "VJP202": parameters.BAD,
    "VJP203": pairs.BAD,
    "VJP204": tuples.BAD,
    "VJP302": forward.MAPPED,
    "VJP303": forward.BAD,
}
GOOD = {
    "VJP201": unattached.GOOD,
    "VJP202": parameters.GOOD,
    "VJP203": pairs.GOOD,
    "VJP204": tuples.GOOD,
    "VJP302": forward.PLAIN,
    "VJP303": forward.GOOD,
}
