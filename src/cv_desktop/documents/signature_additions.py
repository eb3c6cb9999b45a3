"""What was added to a PDF after a point of it: data for its archive, signatures, or anything else.

pyHanko compares each revision with the one that was signed. Its rules are taken without the two that let through more
than an archive needs: values of form fields, and objects that nothing uses, of which a later change could make use.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

from cv_desktop.documents.signature_widgets import honest_widgets


@lru_cache(maxsize=1)
def faults() -> tuple[type[BaseException], ...]:
    """All that a PDF made to mislead can raise in what reads it."""
    import pyhanko_certvalidator.errors
    from pyhanko.pdf_utils.misc import PdfError

    errors: Any = pyhanko_certvalidator.errors
    return (
        PdfError, errors.ValidationError, errors.PathError, errors.InvalidSignature, errors.CRLValidationError,
        errors.OCSPValidationError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError,
        RecursionError, NotImplementedError, MemoryError, EOFError, OSError, zlib.error, struct.error,
    )  # fmt: skip


@lru_cache(maxsize=1)
def policy() -> Any:
    """What may follow a signature: archival data (level LTA) and further signatures, told apart by their level."""
    from pyhanko.sign import diff_analysis

    rules: Any = diff_analysis
    archive = rules.ModificationLevel.LTA_UPDATES
    return rules.StandardDiffPolicy(
        global_rules=[
            rules.CatalogModificationRule(),
            rules.DocInfoRule().as_qualified(archive),
            rules.XrefStreamRule().as_qualified(archive),
            rules.ObjectStreamRule().as_qualified(archive),
            rules.DSSCompareRule().as_qualified(archive),
            rules.MetadataUpdateRule().as_qualified(archive),
        ],
        form_rule=_form_rule(
            [honest_widgets(), rules.SigFieldCreationRule(), rules.SigFieldModificationRule()],
        ),
        ignore_orphaned_objects=False,
    )


def _form_rule(field_rules: list[Any]) -> Any:
    """pyHanko's rule of forms, which asks that there was one: a letter has none before it is signed."""
    from pyhanko.pdf_utils import generic
    from pyhanko.sign import diff_analysis

    rules: Any = diff_analysis
    kinds: Any = generic

    class FormOrFirstForm(rules.FormUpdatingRule):  # type: ignore[misc]
        def apply(self, old: Any, new: Any) -> Iterator[Any]:
            if "/AcroForm" in old.root or "/AcroForm" not in new.root:
                yield from super().apply(old, new) if "/AcroForm" in old.root else ()
                return
            form = new.root["/AcroForm"]
            known = {"/Fields", "/SigFlags", "/DR", "/DA"}
            fields = form.get("/Fields") if isinstance(form, kinds.DictionaryObject) and set(form) <= known else None
            if not isinstance(fields, kinds.ArrayObject):
                raise rules.SuspiciousModification("not a form of signatures")
            specs: dict[str, Any] = {}
            for one in fields:
                field = one.get_object() if isinstance(one, kinds.IndirectObject) else None
                name = str(field.get("/T")) if isinstance(field, kinds.DictionaryObject) else ""
                if field is None or not name or name in specs or field.get("/FT") != "/Sig":
                    raise rules.SuspiciousModification("not a field of a signature")
                specs[name] = rules.FieldComparisonSpec(
                    field_type="/Sig", old_field_ref=None, new_field_ref=one.reference, old_canonical_path=None
                )
            named = [new.root.raw_get("/AcroForm"), form.raw_get("/Fields")]
            refs = {one.reference for one in named if isinstance(one, kinds.IndirectObject)}
            if "/DR" in form:
                refs |= new.collect_dependencies(form.raw_get("/DR"), since_revision=old.revision + 1)
            for ref in refs:
                if old.is_ref_unassignable(ref):
                    yield rules.ModificationLevel.FORM_FILLING, rules.FormUpdate(updated_ref=ref, field_name=None)
            context = rules.FieldComparisonContext(field_specs=specs, old=old, new=new)
            for rule in self.field_rules:
                yield from rule.apply(context)

    return FormOrFirstForm(field_rules=field_rules)


def ends_cleanly(pdf: bytes) -> bool:
    """Whether nothing follows the end that the file itself says, but the end of its line."""
    return pdf.rstrip(b"\r\n").endswith(b"%%EOF")


def only_signed_since(pdf: bytes, length: int) -> bool:
    """Whether all that follows the first ``length`` bytes, a whole PDF, is signatures and data for their archive.

    A page changed before it is signed is covered by the signature, and is not the page that was given to sign.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        before = PdfFileReader(BytesIO(pdf[:length]), strict=False).xrefs.total_revisions
        reader.get_historical_resolver(before - 1)
        if reader.xrefs.get_xref_container_info(before - 1).end_location > length:
            return False
        # A revision more in the same bytes would be one that their own end does not name.
        if reader.xrefs.get_xref_container_info(before).end_location <= length:
            return False
        found = policy().review_file(reader, before - 1)
    except faults():
        return False
    return isinstance(found, DiffResult) and found.modification_level <= ModificationLevel.FORM_FILLING
