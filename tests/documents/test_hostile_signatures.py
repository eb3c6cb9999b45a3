"""PDFs made to mislead: whatever was done to a signed file, it is never said valid; what the norm lets add is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from io import BytesIO

import pikepdf
import pytest
from certificates import NOW, PASSPHRASE, archived, made, stamper, under_another
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

import letter_samples as samples
from cv_desktop.documents import letter_pdf, signature_check, signing
from cv_desktop.documents.signature_additions import only_signed_since
from cv_desktop.documents.signature_check import Signature, Verdict
from cv_desktop.documents.signature_trust import Lack
from cv_desktop.domain.errors import UserError

SOUND = {Verdict.VALID, Verdict.UNKNOWN}


@lru_cache(maxsize=1)
def letter() -> bytes:
    return letter_pdf.render(replace(samples.GRANTED, dated_on="2026-03-03"))


@lru_cache(maxsize=1)
def signed() -> bytes:
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    return signing.sign(letter(), signer, at=NOW, reason="Attribution", place="Melun")


def read(pdf: bytes, *authorities: bytes) -> tuple[Signature, ...]:
    known = authorities or (made().authority, made(stamps=True).authority)
    return signature_check.check(pdf, known, at=NOW + timedelta(hours=1))


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf), strict=False), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def page_of(writer: IncrementalPdfFileWriter) -> tuple[generic.DictionaryObject, generic.Reference]:
    kids = writer.root["/Pages"]["/Kids"]
    return kids[0], kids.raw_get(0)


def hide(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack « hide »: a picture laid over what was signed is taken away, here the whole content."""
    page, ref = page_of(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.mark_update(ref)


def replace_text(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack « replace »: the fonts say other signs for the same codes."""
    page, _ref = page_of(writer)
    fonts = page["/Resources"]["/Font"]
    first, second = list(fonts)[:2]
    fonts[first] = fonts.raw_get(second)
    writer.mark_update(page.raw_get("/Resources"))


def hide_and_replace(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack « hide and replace »: the catalogue names another tree of pages."""
    page, _ref = page_of(writer)
    other = generic.DictionaryObject(page)
    pages = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Pages")})
    place = writer.add_object(pages)
    other["/Parent"] = place
    pages["/Kids"], pages["/Count"] = generic.ArrayObject([writer.add_object(other)]), generic.NumberObject(1)
    writer.root["/Pages"] = place
    writer.update_root()


def annotate(writer: IncrementalPdfFileWriter) -> None:
    page, ref = page_of(writer)
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 400, 300, 500))),
            generic.pdf_name("/Contents"): generic.TextStringObject("15 000 €"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.mark_update(ref)


def restyle(writer: IncrementalPdfFileWriter) -> None:
    """The visible part of the signature is drawn anew."""
    widget = writer.root["/AcroForm"]["/Fields"][0]
    look = generic.StreamObject(
        {generic.pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))}, stream_data=b""
    )
    widget["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(look)})
    writer.mark_update(writer.root["/AcroForm"]["/Fields"].raw_get(0))


def add_page(writer: IncrementalPdfFileWriter) -> None:
    page, _ref = page_of(writer)
    tree = writer.root["/Pages"]
    tree["/Kids"].append(writer.add_object(generic.DictionaryObject(page)))
    tree["/Count"] = generic.NumberObject(len(tree["/Kids"]))
    writer.update_container(tree)


def form_field(writer: IncrementalPdfFileWriter) -> None:
    field = generic.DictionaryObject(
        {generic.pdf_name("/FT"): generic.pdf_name("/Tx"), generic.pdf_name("/T"): generic.TextStringObject("Montant")}
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])


def hidden_spare(writer: IncrementalPdfFileWriter) -> None:
    """An object that nothing uses yet."""
    writer.add_object(generic.StreamObject(stream_data=b"BT (15 000) Tj ET"))


def action(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {generic.pdf_name("/S"): generic.pdf_name("/JavaScript"), generic.pdf_name("/JS"): generic.pdf_string("app")}
    )
    writer.update_root()


CHANGES = (hide, replace_text, hide_and_replace, annotate, restyle, add_page, form_field, hidden_spare, action)


@pytest.mark.parametrize("change", CHANGES, ids=[one.__name__ for one in CHANGES])
def test_what_is_changed_after_a_signature_is_never_green(change: Callable[[IncrementalPdfFileWriter], None]) -> None:
    for before in (signed(), archived(signed())):
        (found,) = read(updated(before, change))
        assert (found.verdict, found.trusted, found.changed_after) == (Verdict.PARTIAL, False, True)
        assert found.why == "Le document a été modifié après la signature."


def test_data_for_the_archive_leaves_a_signature_valid_and_dates_it() -> None:
    (found,) = read(archived(signed()))
    assert (found.verdict, found.archived, found.changed_after) == (Verdict.VALID, True, False)
    assert not found.covers_whole_document
    assert found.dated_at == NOW + timedelta(minutes=3)
    assert found.why == "Rien n’a changé depuis, sauf des données d’archivage ajoutées à la fin."
    # Long after, when the certificate has ended: the stamp proves that the signature was made before.
    old, roots = NOW + timedelta(days=600), (made().authority, made(stamps=True).authority)
    (late,) = signature_check.check(archived(signed()), roots, at=old)
    assert (late.verdict, late.dated_at) == (Verdict.VALID, NOW + timedelta(minutes=3))
    (never,) = signature_check.check(signed(), roots, at=old)
    assert (never.verdict, never.lack) == (Verdict.UNKNOWN, Lack.DATES)
    # A stamp of nobody known dates nothing.
    (alone,) = read(archived(signed()), made().authority)
    assert (alone.verdict, alone.dated_at) == (Verdict.VALID, None)


def test_a_stamp_that_was_touched_is_never_green() -> None:
    pdf = archived(signed())
    place = pdf.rindex(b"/Contents <") + 200
    for touched in (pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :], pdf + b"\n% ajout\n", pdf[:-40]):
        assert {one.verdict for one in read(touched)}.isdisjoint(SOUND)


def test_two_signatures_are_each_told() -> None:
    """The second one covers everything; the first no longer does."""
    stock = signers.SimpleSigner.load_pkcs12_data(made().p12, None, PASSPHRASE.encode())
    meta = signers.PdfSignatureMetadata(field_name="Seconde", subfilter=fields.SigSeedSubFilter.PADES)
    out = BytesIO()
    signers.PdfSigner(meta, signer=stock).sign_pdf(IncrementalPdfFileWriter(BytesIO(signed())), output=out)
    first, second = read(out.getvalue())
    assert (first.verdict, first.why) == (
        Verdict.PARTIAL, "Une autre signature a été ajoutée au fichier après celle-ci.",
    )  # fmt: skip
    assert second.verdict is Verdict.VALID
    assert only_signed_since(out.getvalue(), len(letter()))
    assert not only_signed_since(updated(out.getvalue(), annotate), len(letter()))
    assert not only_signed_since(updated(signed(), hide), len(letter()))


def test_the_gap_of_a_signature_holds_it_and_zeros_only() -> None:
    pdf = signed()
    start = pdf.rindex(b"/Contents<") + 10
    end = pdf.index(b">", start)
    for hole in (b"4142", b"  30", b"0a30"):
        touched = pdf[: end - 4] + hole + pdf[end:]
        (found,) = read(touched)
        assert found.verdict is Verdict.UNREADABLE, hole
        assert found.why == "Elle laisse hors d’elle autre chose que la signature."


def test_ranges_that_were_changed_are_never_green() -> None:
    pdf = signed()
    found = re.search(rb"/ByteRange\[0 (\d+) (\d+) (\d+)\]", pdf)
    assert found
    first, second, last = (int(found[group]) for group in (1, 2, 3))
    wrong = (
        (0, first, second, last - 1), (0, first, second, 0), (0, 10, second, last), (1, first, second, last),
        (0, first, second + 2, last - 2), (0, first - 2, second, last), (0, second, first, last),
        (0, first, second, 9_999_999_999), (0, 0, 0, len(pdf)),
    )  # fmt: skip
    for numbers in wrong:
        said = b"/ByteRange[%d %010d %010d %010d]" % numbers
        assert {one.verdict for one in read(pdf.replace(found[0], said))}.isdisjoint(SOUND), numbers
    for said in (
        b"/ByteRange[0 1 2]".ljust(len(found[0])),
        b"/ByteRangX" + found[0][10:],
        b"/ByteRange null".ljust(45),
    ):
        assert {one.verdict for one in read(pdf.replace(found[0], said))}.isdisjoint(SOUND), said


def test_a_file_written_anew_around_its_signature_is_never_green() -> None:
    """Object streams, another table, a page tree that loops: the signature no longer covers what it says."""
    out = BytesIO()
    with pikepdf.open(BytesIO(signed())) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert {one.verdict for one in read(out.getvalue())}.isdisjoint(SOUND)
    start = time.process_time()
    looped = updated(signed(), _loop)
    assert {one.verdict for one in read(looped)}.isdisjoint(SOUND)
    assert not only_signed_since(looped, len(letter()))
    assert time.process_time() - start < 20
    tail = signed().rindex(b"startxref")
    for wrong in (b"startxref\n0\n%%EOF\n", b"startxref\n999999999\n%%EOF\n", b"%%EOF\n", b""):
        assert {one.verdict for one in read(signed()[:tail] + wrong)}.isdisjoint(SOUND)
    older = re.sub(rb"/Prev \d+", b"/Prev 0", signed())
    assert {one.verdict for one in read(older)}.isdisjoint(SOUND)


def _loop(writer: IncrementalPdfFileWriter) -> None:
    tree = writer.root["/Pages"]
    tree["/Kids"].append(writer.root.raw_get("/Pages"))
    writer.update_container(tree)


def test_what_is_no_signed_pdf_is_told() -> None:
    assert read(letter()) == ()
    for content, told in ((b"", "vide"), (b"PK\x03\x04", "n’est pas un PDF"), (b"\0" * 500, "n’est pas un PDF")):
        with pytest.raises(UserError, match=told):
            read(content)
    for content in (b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 50_000_000, signed() + b"\n" * 5000):
        start = time.process_time()
        assert [one.verdict for one in read(content)] == [Verdict.UNREADABLE]
        assert time.process_time() - start < 3
    out = BytesIO()
    with pikepdf.open(BytesIO(letter())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(UserError, match="protégé par un mot de passe"):
        read(out.getvalue())


def test_certificates_beside_the_signature_are_not_changed_unseen() -> None:
    """What a signature carries and does not cover: a byte of it changed is said too."""
    stock = signers.SimpleSigner.load_pkcs12_data(made().p12, None, PASSPHRASE.encode())
    meta = signers.PdfSignatureMetadata(field_name="Signature", subfilter=fields.SigSeedSubFilter.PADES)
    out = BytesIO()
    signers.PdfSigner(meta, signer=stock).sign_pdf(IncrementalPdfFileWriter(BytesIO(letter())), output=out)
    pdf = out.getvalue()
    assert [one.verdict for one in read(pdf)] == [Verdict.VALID]
    place = pdf.lower().rindex("Autorité d’essai".encode().hex().encode())  # the root, carried last
    touched = pdf[:place] + b"42" + pdf[place + 2 :]
    assert {one.verdict for one in read(touched)}.isdisjoint({Verdict.VALID})


def test_a_revoked_certificate_is_never_green() -> None:
    (found,) = read(signed(), made().authority, made().revocations)
    assert (found.verdict, found.lack, found.trusted) == (Verdict.UNKNOWN, Lack.REVOKED, False)
    assert found.why == "Le certificat est révoqué depuis le 1er\u00a0avril 2026."


def test_an_authority_on_the_way_that_was_revoked_is_never_green() -> None:
    made_under = under_another()
    signer = signing.load_pkcs12(made_under.p12, PASSPHRASE, at=NOW)
    pdf = signing.sign(letter(), signer, at=NOW, reason="Attribution", place="Melun")
    (sound,) = read(pdf, made_under.authority, made_under.clear)
    assert (sound.verdict, sound.trusted) == (Verdict.VALID, True)
    (found,) = read(pdf, made_under.authority, made_under.revocations)
    assert (found.verdict, found.lack, found.trusted) == (Verdict.UNKNOWN, Lack.REVOKED, False)
    assert found.why == (
        "L’autorité «\u00a0Autorité du milieu\u00a0», qui répond du certificat, est révoquée depuis le "
        "1er\u00a0avril 2026."
    )


def test_a_revoked_timestamp_authority_dates_nothing() -> None:
    roots, gone = (made().authority, made(stamps=True).authority), made(stamps=True).revocations
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    inside = signing.sign(
        letter(), signer, at=NOW, reason="Attribution", place="Melun", timestamp=stamper(NOW + timedelta(minutes=1))
    )
    for pdf in (archived(signed()), inside):
        (sound,) = read(pdf)
        (found,) = read(pdf, *roots, gone)
        assert sound.dated_at is not None
        assert (found.verdict, found.dated_at) == (Verdict.VALID, None)
        # The certificate ended since: nothing else proves that the signature was made before.
        (late,) = signature_check.check(pdf, (*roots, gone), at=NOW + timedelta(days=600))
        assert (late.verdict, late.lack) == (Verdict.UNKNOWN, Lack.DATES)


NAME = generic.pdf_name
WIDGET = {"/Type": NAME("/Annot"), "/Subtype": NAME("/Widget"), "/FT": NAME("/Sig"), "/T": generic.pdf_string("X")}


@lru_cache(maxsize=1)
def with_spares() -> bytes:
    """A letter signed with what a later change could make use of: numbers, an opaque picture, a field not shown."""

    def spare(writer: IncrementalPdfFileWriter) -> None:
        box = generic.ArrayObject(map(generic.NumberObject, (40, 300, 560, 600)))
        look = generic.StreamObject(
            {NAME("/Type"): NAME("/XObject"), NAME("/Subtype"): NAME("/Form"), NAME("/BBox"): box},
            stream_data=b"1 0 0 rg 40 300 520 300 re f",
        )
        kept = [writer.add_object(one) for one in (*box, look)]
        field = {**WIDGET, "/Rect": box, "/AP": generic.DictionaryObject({NAME("/N"): kept[4]})}
        kept.append(writer.add_object(generic.DictionaryObject({NAME(key): one for key, one in field.items()})))
        writer.root["/Spares"] = generic.ArrayObject(kept)
        writer.update_root()

    stock, out = signers.SimpleSigner.load_pkcs12_data(made().p12, None, PASSPHRASE.encode()), BytesIO()
    meta = signers.PdfSignatureMetadata(field_name="Signature", subfilter=fields.SigSeedSubFilter.PADES)
    signers.PdfSigner(meta, signer=stock).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(updated(letter(), spare))), output=out
    )
    return out.getvalue()


def added(kind: str) -> bytes:
    """A field of a signature put on the page, or a kid of it, with the opaque picture that was in the file."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        spares, (page, ref), form = writer.root["/Spares"], page_of(writer), writer.root["/AcroForm"]
        numbers = [generic.IndirectObject(spares.raw_get(one).idnum, 0, writer) for one in range(6)]
        look = generic.DictionaryObject({NAME("/N"): numbers[4]})
        plain = [generic.NumberObject(one) for one in (40, 300, 560, 600)]
        zero = [generic.NumberObject(0)] * 4
        sides = {"elsewhere": numbers[:4], "five": [*plain, plain[0]], "line": [*plain[:2], plain[0], plain[3]]}
        said = {**WIDGET, "/Rect": generic.ArrayObject(sides.get(kind, zero)), "/AP": look}
        if kind in ("nothing", "note"):
            del said["/AP"]
        if kind == "note":
            said["/Subtype"] = NAME("/Text")  # shown as an icon, whatever its extent
        if kind in ("kid", "none"):
            said["/Rect"] = generic.ArrayObject(numbers[:4])
        if kind == "none":
            del said["/Rect"]
        widget = writer.add_object(generic.DictionaryObject({NAME(key): one for key, one in said.items()}))
        field = numbers[5] if kind == "spare" else widget
        if kind == "kid":
            kid = writer.get_object(widget.reference)
            del kid["/T"]
            parent = {"/FT": NAME("/Sig"), "/T": said["/T"], "/Kids": generic.ArrayObject([widget])}
            field = writer.add_object(generic.DictionaryObject({NAME(key): one for key, one in parent.items()}))
        form["/Fields"].append(field)
        writer.update_container(form["/Fields"])
        page["/Annots"].append(widget if kind == "kid" else field)
        writer.update_container(page["/Annots"])
        writer.mark_update(ref)

    return updated(with_spares(), change)


@pytest.mark.parametrize("kind", ("elsewhere", "five", "line", "none", "kid", "spare", "look", "note"))
def test_a_field_that_hides_its_extent_is_never_green(kind: str) -> None:
    (found,) = read(added(kind))
    assert (found.verdict, found.changed_after, found.trusted) == (Verdict.PARTIAL, True, False)
    assert found.why == "Le document a été modifié après la signature."


def test_a_field_without_extent_nor_look_leaves_a_signature_valid() -> None:
    (found,) = read(added("nothing"))
    assert (found.verdict, found.archived) == (Verdict.VALID, True)
