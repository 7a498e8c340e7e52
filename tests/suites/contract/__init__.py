"""Programs about what rules have to do: by code, those that break it and those that do not."""

from tests.suites.contract import (
    closures,
    elsewhere,
    forward,
    names,
    own_transforms,
    pairs,
    parameters,
    stacked,
    tuples,
    unattached,
)

BAD = {
    "VJP001": names.BAD_MAP,
    "VJP002": names.BAD_GRAD,
    "VJP003": names.BAD_WRAP,
    "VJP004": stacked.BAD,
    "VJP005": elsewhere.BAD_ELSEWHERE,
    "VJP006": elsewhere.BAD_IMPORT,
    "VJP101": own_transforms.BAD_101,
    "VJP102": own_transforms.BAD_102,
    "VJP201": unattached.BAD,
    "VJP202": parameters.BAD,
    "VJP203": pairs.BAD,
    "VJP204": tuples.BAD,
    "VJP301": closures.BAD,
    "VJP302": forward.MAPPED,
    "VJP303": forward.BAD,
}
GOOD = {
    "VJP001": names.GOOD_MAP,
    "VJP002": names.GOOD_GRAD,
    "VJP003": names.GOOD_WRAP,
    "VJP004": stacked.GOOD,
    "VJP005": elsewhere.GOOD_ELSEWHERE,
    "VJP006": elsewhere.GOOD_IMPORT,
    "VJP101": own_transforms.GOOD_101,
    "VJP102": own_transforms.GOOD_102,
    "VJP201": unattached.GOOD,
    "VJP202": parameters.GOOD,
    "VJP203": pairs.GOOD,
    "VJP204": tuples.GOOD,
    "VJP301": closures.GOOD,
    "VJP302": forward.PLAIN,
    "VJP303": forward.GOOD,
}
