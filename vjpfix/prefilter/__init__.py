"""Bytes to "could this file matter?". It may say yes for nothing, but never no for a finding.

A finding needs a primal, so a custom-derivative decorator's name stands in the file. The primal's name is
bound twice in one scope, by ``def``, ``=`` or ``:=``, the second time to something that mentions it, or a
name made from it. All this is looked for in the bytes, line by line and without a parser.

For the contracts of rules see ``contracts``: what analysis reads of them is read in the bytes, and where that
is not plain, the functions concerned are looked at.
"""

from vjpfix.prefilter.contracts import Contracts
from vjpfix.prefilter.prefilter import Prefilter

__all__ = ["Contracts", "Prefilter"]
