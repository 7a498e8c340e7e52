"""How a module passes the name on to its own importers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .access import Provider, holes, met
from .project import Place
from .text import Draw


@dataclass(frozen=True, slots=True)
class Reexport:
    """``name``: what it is called from here on, a template. ``listed``: it stands in ``__all__``."""

    text: str
    name: str = "<n>"
    listed: bool = False
    needs: frozenset[str] = frozenset()


def _reexport(text: str, name: str = "<n>", *needs: str, listed: bool = False) -> Reexport:
    return Reexport(text, name, listed, frozenset(needs))


_OF_MODULE = "from <relp> import <mn> as <a>\nfrom <rel> import *\n\n"
REEXPORTS = {
    "from": _reexport("from <rel> import <n>"),
    "from_absolute": _reexport("from <m> import <n>"),
    "same": _reexport("from <rel> import <n> as <n>"),
    "noqa": _reexport("from <rel> import call_it, <n>  # noqa: F401", "<n>", "target"),
    "renamed": _reexport("from <rel> import <n> as <g>", "<g>"),
    "star": _reexport("from <rel> import *", "<n>", "star"),
    "listed": _reexport('from <rel> import <n>\n\n__all__ = ["<n>"]', listed=True),
    "listed_renamed": _reexport('from <rel> import <n> as <g>\n\n__all__ = ("<g>",)', "<g>", listed=True),
    "listed_augmented": _reexport('from <rel> import <n>\n\n__all__ = []\n__all__ += ["<n>"]', listed=True),
    "listed_extended": _reexport(
        'from <rel> import <n>\n\n__all__ = []\n__all__.extend(["<n>"])', listed=True
    ),
    "star_listed": _reexport('from <rel> import *\n\n__all__ = ["<n>"]', "<n>", "star", listed=True),
    "star_all_of": _reexport(
        _OF_MODULE + "__all__ = <a>.__all__", "<n>", "star", "listed", "dotted", "attribute", listed=True
    ),
    "star_all_joined": _reexport(
        _OF_MODULE + '__all__ = ["<a>"] + list(<a>.__all__)',
        "<n>",
        *("star", "listed", "dotted", "attribute"),
        listed=True,
    ),
    "star_all_added": _reexport(
        _OF_MODULE + "__all__ = []\n__all__ += <a>.__all__",
        "<n>",
        *("star", "listed", "dotted", "attribute"),
        listed=True,
    ),
    "star_all_unpacked": _reexport(
        _OF_MODULE + '__all__ = [*<a>.__all__, "<a>"]',
        "<n>",
        *("star", "listed", "dotted", "attribute"),
        listed=True,
    ),
    "fallback": _reexport("try:\n    from <rel> import <n>\nexcept ImportError:\n    <n> = None"),
    "assigned": _reexport("from <rel> import <n> as <g>\n\n<f> = <g>", "<f>"),
    "assigned_attribute": _reexport(
        "from <relp> import <mn> as <a>\n\n<f> = <a>.<n>", "<f>", "dotted", "attribute"
    ),
}


def passed_on(draw: Draw, here: Place, provider: Provider, bare: str) -> tuple[list[str], Provider]:
    """The lines of ``here`` that re-export, and what ``here`` offers then. ``bare``: the primal's name."""
    needs = met(here, provider)
    form = draw.pick("reexport", REEXPORTS, lambda each: each.needs <= needs)
    fresh = {"a": f"inner_mod_{next(draw.serial)}", "g": f"{bare}_again_{next(draw.serial)}"}
    values = {**holes(here, provider), **fresh, "f": bare}
    name = draw.fill(form.name, **values)[0]
    public = form.listed or ("__all__" not in form.text and not plain(name).startswith("_"))
    offered = replace(
        provider, place=here, name=name, star=public, listed=form.listed, is_target=False, hidden=False
    )
    return draw.fill(form.text, **values), replace(offered, loaded=False)


def plain(name: str) -> str:
    """A name without its mark."""
    return name.lstrip("\x01").lstrip("0123456789").rstrip("\x02") if name.startswith("\x01") else name
