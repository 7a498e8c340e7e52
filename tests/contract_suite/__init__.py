"""Programs about the contract of rules: by rule, those that break it and those that do not."""

from contract_suite import pairs, parameters, tuples

BAD = {"VJP202": parameters.BAD, "VJP203": pairs.BAD, "VJP204": tuples.BAD}
GOOD = {"VJP202": parameters.GOOD, "VJP203": pairs.GOOD, "VJP204": tuples.GOOD}
