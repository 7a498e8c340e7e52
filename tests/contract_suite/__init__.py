"""Programs about what rules have to do: by code, those that break it and those that do not."""

from contract_suite import own_transforms, pairs, parameters, tuples

BAD = {
    "VJP101": own_transforms.BAD_101,
    "VJP102": own_transforms.BAD_102,
    "VJP202": parameters.BAD,
    "VJP203": pairs.BAD,
    "VJP204": tuples.BAD,
}
GOOD = {
    "VJP101": own_transforms.GOOD_101,
    "VJP102": own_transforms.GOOD_102,
    "VJP202": parameters.GOOD,
    "VJP203": pairs.GOOD,
    "VJP204": tuples.GOOD,
}
