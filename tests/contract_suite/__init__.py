"""Programs about what rules have to do: by code, those that break it and those that do not."""

from contract_suite import forward, own_transforms, pairs, parameters, stacked, tuples, unattached

BAD = {
    "VJP004": stacked.BAD,
    "VJP101": own_transforms.BAD_101,
    "VJP102": own_transforms.BAD_102,
    "VJP201": unattached.BAD,
    "VJP202": parameters.BAD,
    "VJP203": pairs.BAD,
    "VJP204": tuples.BAD,
    "VJP302": forward.MAPPED,
    "VJP303": forward.BAD,
}
GOOD = {
    "VJP004": stacked.GOOD,
    "VJP101": own_transforms.GOOD_101,
    "VJP102": own_transforms.GOOD_102,
    "VJP201": unattached.GOOD,
    "VJP202": parameters.GOOD,
    "VJP203": pairs.GOOD,
    "VJP204": tuples.GOOD,
    "VJP302": forward.PLAIN,
    "VJP303": forward.GOOD,
}
