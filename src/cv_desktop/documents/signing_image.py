"""The picture of a signature put in the zone of a letter: paper on a screen, not an electronic signature.

Added after the letter, none of its bytes is changed; the file stays an archive (the picture is flat, in sRGB).
"""

from __future__ import annotations

from cv_desktop.documents.pdf_file import image_object
from cv_desktop.documents.pdf_objects import stream
from cv_desktop.documents.pdf_update import NotOurs, Update, reference
from cv_desktop.documents.sheet import picture
from cv_desktop.documents.signing import NOT_A_LETTER, ZONE
from cv_desktop.documents.style import MM, PAGE_HEIGHT
from cv_desktop.domain.errors import UserError

_NAME = b"/Signature"


def stamp(pdf: bytes, image: bytes, *, zone: tuple[float, ...] = ZONE) -> bytes:
    """The letter with a PNG or JPEG of a signature in the middle of its zone, as large as it holds.

    Raises UserError when the image is none, or the file is not one of our letters as it was issued.
    """
    left, top, width, height = zone
    drawn = picture(image, width, height, "La signature")
    scale = min(width / drawn.width, height / drawn.height)
    wide, high = drawn.width * scale, drawn.height * scale
    try:
        update = Update(pdf)
        page = update.signed_page()
        contents = reference(page.content, b"/Contents")
        resources = update.object(page.resources)
        opened = resources.index(b"/XObject<<") + len(b"/XObject<<")
    except (NotOurs, ValueError):
        raise UserError(NOT_A_LETTER) from None
    image_number = update.add(image_object(drawn))
    # The text of the page names the signatory: the picture says nothing more to who cannot see it.
    place = (wide * MM, high * MM, (left + (width - wide) / 2) * MM, (PAGE_HEIGHT - top - (height + high) / 2) * MM)
    shown = update.add(stream(b"/Artifact BMC q %.2f 0 0 %.2f %.2f %.2f cm %s Do Q EMC" % (*place, _NAME)))
    named = b"%s%s %d 0 R" % (resources[:opened], _NAME, image_number)
    own = update.add(named + resources[opened:])
    content = page.content.replace(b"/Contents %d 0 R" % contents, b"/Contents[%d 0 R %d 0 R]" % (contents, shown))
    update.replace(page.number, content.replace(b"/Resources %d 0 R" % page.resources, b"/Resources %d 0 R" % own))
    return update.finish()
