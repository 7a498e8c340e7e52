"""Facts to findings: one file a rule, and one line here that registers it."""

from __future__ import annotations

from vjpfix.rules.base import Rule
from vjpfix.rules.bwd_not_a_tuple import BwdNotATuple
from vjpfix.rules.closed_over_argument import ClosedOverArgument
from vjpfix.rules.forward_mode import ForwardMode
from vjpfix.rules.fwd_not_a_pair import FwdNotAPair
from vjpfix.rules.no_rules_attached import NoRulesAttached
from vjpfix.rules.parameters_do_not_fit import ParametersDoNotFit
from vjpfix.rules.rebound_by_grad import ReboundByGrad
from vjpfix.rules.rebound_by_map import ReboundByMap
from vjpfix.rules.rebound_by_wrapper import ReboundByWrapper
from vjpfix.rules.rebound_from_elsewhere import ReboundFromElsewhere
from vjpfix.rules.rebound_import import ReboundImport
from vjpfix.rules.rule_calls_alias import RuleCallsAlias
from vjpfix.rules.rule_transforms_own_primal import RuleTransformsOwnPrimal
from vjpfix.rules.stacked_transform import StackedTransform
from vjpfix.rules.unused_suppression import UnusedSuppression
from vjpfix.rules.vjp_of_map import VjpOfMap

RULES: tuple[Rule, ...] = (
    ReboundByMap(),
    ReboundByGrad(),
    ReboundByWrapper(),
    StackedTransform(),
    ReboundFromElsewhere(),
    ReboundImport(),
    RuleTransformsOwnPrimal(),
    RuleCallsAlias(),
    NoRulesAttached(),
    ParametersDoNotFit(),
    FwdNotAPair(),
    BwdNotATuple(),
    ClosedOverArgument(),
    VjpOfMap(),
    ForwardMode(),
    UnusedSuppression(),
)
