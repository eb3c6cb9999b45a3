"""What a field of a signature shows on the page, once it was added after another signature.

pyHanko takes a field whose extent it cannot work out for one without extent: a file made to mislead says it by numbers
that stand elsewhere, or one too many, and covers the page all the same.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

# All that a field without extent may say: nothing that a program would draw, do or open.
_SILENT = {
    "/Type", "/Subtype", "/FT", "/T", "/TU", "/TM", "/F", "/Ff", "/Rect", "/P", "/V", "/AP", "/MK", "/Lock", "/SV",
    "/Kids", "/Parent", "/M", "/NM", "/DA", "/StructParent",
}  # fmt: skip


def honest_widgets() -> Any:
    """The rule that each field of a signature that is new, or filled since, says plainly where it stands.

    One without extent shows nothing: an archive stamp may bear the look of a signature that was there, no other. What
    breaks it raises SuspiciousModification.
    """
    from pyhanko.sign import diff_analysis

    rules: Any = diff_analysis

    class HonestWidgets(rules.FieldMDPRule):  # type: ignore[misc]
        def apply(self, context: Any) -> Any:
            looks = {_look(one.old_field) for one in context.field_specs.values() if one.old_field_ref} - {None}
            for spec in context.field_specs.values():
                if spec.field_type != "/Sig" or not spec.new_field_ref:
                    continue
                new = spec.old_field_ref is None
                if new or ("/V" in spec.new_field and "/V" not in spec.old_field):
                    for ref in (spec.new_field_ref, *_widgets(spec.new_field)):
                        # One that was there unseen would be put on the page without a word of it being new.
                        known = not context.old.is_ref_unassignable(ref)
                        if (new and known) or not _honest(ref.get_object(), context.old, looks):
                            raise rules.SuspiciousModification("a field that does not say what it shows")
            yield from ()

    return HonestWidgets()


def _widgets(field: Any) -> list[Any]:
    """The widgets of a field that stand apart from it; a kid with a name is a field of its own."""
    from pyhanko.pdf_utils import generic

    kinds: Any = generic
    kids = field.get("/Kids")
    if kids is None:
        return []
    if not isinstance(kids, kinds.ArrayObject) or not all(isinstance(one, kinds.IndirectObject) for one in kids):
        raise ValueError("kids that are no list of objects")
    return [one.reference for one in kids if "/T" not in one.get_object()]


def _honest(widget: Any, old: Any, looks: set[Any]) -> bool:
    from pyhanko.pdf_utils import generic

    kinds: Any = generic
    if not isinstance(widget, kinds.DictionaryObject):
        return False
    if "/Rect" not in widget:
        return "/Kids" in widget and not {"/Subtype", "/AP"} & set(widget) and set(widget) <= _SILENT
    if "/Kids" in widget and "/T" not in widget:
        return False
    rect = widget.raw_get("/Rect")
    if not isinstance(rect, kinds.ArrayObject) or len(rect) != 4:
        return False
    sides = list(rect)
    if not all(isinstance(one, kinds.NumberObject | kinds.FloatObject) and isfinite(one) for one in sides):
        return False
    width, height = abs(sides[2] - sides[0]), abs(sides[3] - sides[1])
    return bool(width and height) or (not width and not height and _silent(widget, old, looks))


def _silent(widget: Any, old: Any, looks: set[Any]) -> bool:
    """Whether a widget without extent shows nothing: a look that is new is told by pyHanko as a visible change."""
    from pyhanko.pdf_utils import generic

    kinds: Any = generic
    if not set(widget) <= _SILENT or widget.get("/Subtype", "/Widget") != "/Widget" or widget.get("/MK"):
        return False
    shown = widget.get("/AP", kinds.DictionaryObject())
    if not isinstance(shown, kinds.DictionaryObject) or not set(shown) <= {"/N"}:
        return False
    if not shown:
        return True
    look = shown.raw_get("/N")
    return isinstance(look, kinds.IndirectObject) and (
        look.reference in looks or bool(old.is_ref_unassignable(look.reference))
    )


def _look(field: Any) -> Any:
    """Where the look of a field is written; None when it has none."""
    from pyhanko.pdf_utils import generic

    kinds: Any = generic
    shown = field.get("/AP")
    look = shown.raw_get("/N") if isinstance(shown, kinds.DictionaryObject) and "/N" in shown else None
    return look.reference if isinstance(look, kinds.IndirectObject) else None
