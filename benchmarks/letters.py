"""Letters per second, beside the floor: the same words put on a page by plain ``drawString``, fonts embedded.

Each letter is a file of its own with logo and QR, tagged, PDF/A. Beside the speed: the size of a file, what a run adds
to the memory of the process, the print file, and the preview (a letter drawn, then rasterised for a screen).

Run: python benchmarks/letters.py [how many]
"""

from __future__ import annotations

import atexit
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import font_source_sans_pro
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from cv_desktop.documents import letter_pdf, pages, print_run
from cv_desktop.documents.fonts import REGULAR
from cv_desktop.domain.letters import Amount, LetterContent, Span
from cv_desktop.domain.money import euros, in_words
from letter_samples import GRANTED, lines

TYPST = """
#set document(title: "Courrier", author: "Melun Val de Seine", date: datetime(year: 2026, month: 3, day: 3))
#set page(paper: "a4", margin: (x: 20mm, y: 13mm))
#set text(font: "Source Sans Pro", size: 10pt, lang: "fr")
#set par(leading: 0.5em, spacing: 0.7em)
#image("logo.png", height: 15mm, alt: "logo")
#for line in json(bytes(sys.inputs.lines)) [#par(line)]
#place(bottom + right, image("code.png", width: 12mm, alt: "code"))
"""


def letter(index: int) -> LetterContent:
    """Another association, number, amount and action each time, as in a real lot."""
    first, _, *others = GRANTED.blocks
    cents = 50_000 + index * 1_700
    return replace(
        GRANTED,
        number=f"CO-2026-{index:04d}",
        references=lines(f"Nos réf. : FIA-2026-{index:04d} · CO-2026-{index:04d}", "Envoi : lettre simple"),
        addressee=(*lines(f"Association Témoin numéro {index}"), *GRANTED.addressee[1:]),
        detail=lines(f"Attribution d’une subvention pour l’action « Exemple {index} »")[0],
        blocks=(first, Amount((Span(euros(cents)),), (Span(in_words(cents)),)), *others),
    )


def texts(content: LetterContent) -> list[str]:
    """The lines of the letter, in the order of the page, long ones cut every 95 signs."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, Span):
            found.append(value.text)
        elif isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                walk(item)
        elif hasattr(value, "__slots__"):
            for name in value.__slots__:
                walk(getattr(value, name))

    walk(content)
    return [text[start : start + 95] for text in found for start in range(0, len(text), 95)]


def plain_page(content: LetterContent) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, initialFontName=REGULAR)
    canvas.setFont(REGULAR, 10.5)
    for row, text in enumerate(texts(content)):
        canvas.drawString(70, 800 - row * 13.6, text)
    canvas.save()
    return buffer.getvalue()


def by_typst(image: bytes) -> Callable[[LetterContent], bytes] | None:
    """The same words on a page by typst, on one process; None where it is not installed: the product never needs it."""
    try:
        import typst
    except ImportError:
        return None
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    (folder / "logo.png").write_bytes(image)
    code = Image.effect_noise((33, 33), 200).resize((264, 264), Image.Resampling.NEAREST)
    code.save(folder / "code.png")
    (folder / "page.typ").write_text(TYPST, "utf-8")
    compiler = typst.Compiler(
        str(folder / "page.typ"),
        root=str(folder),
        font_paths=[str(Path(font_source_sans_pro.__file__).parent / "files")],
        ignore_system_fonts=True,
    )

    def render(content: LetterContent) -> bytes:
        given = json.dumps(texts(content), ensure_ascii=False)
        made: bytes = compiler.compile(format="pdf", sys_inputs={"lines": given}, pdf_standards=["a-3b"])
        return made

    return render


def measured(render: Callable[[LetterContent], bytes], contents: list[LetterContent]) -> tuple[float, list[bytes]]:
    """Letters per second, the best of three passes, and the files."""
    best, files = 0.0, []
    for _ in range(3):
        start = time.perf_counter()
        files = [render(content) for content in contents]
        best = max(best, len(contents) / (time.perf_counter() - start))
    return best, files


def logo() -> bytes:
    """A picture of the size of a real letterhead."""
    buffer = BytesIO()
    Image.linear_gradient("L").resize((820, 176)).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def memory() -> float:
    """The most this process ever held, in MiB (Linux and macOS count it in other units)."""
    kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kept / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    drawn = partial(letter_pdf.render, letterhead=logo())
    start = time.perf_counter()
    drawn(GRANTED)
    first = time.perf_counter() - start
    contents = [letter(index) for index in range(count)]
    before = memory()
    for content in contents:
        drawn(content)
    added = memory() - before
    floor, _ = measured(plain_page, contents)
    speed, files = measured(drawn, contents)
    beside = by_typst(logo())
    theirs, others = measured(beside, contents) if beside is not None else (0.0, [b""])
    shown = []
    for content in contents[:20]:
        start = time.perf_counter()
        pages.picture(drawn(content), 0, 1.5)
        shown.append(time.perf_counter() - start)
    start = time.perf_counter()
    run = print_run.merge(files)
    merging = time.perf_counter() - start
    print(f"first letter      {first * 1000:8.0f} ms")
    print(f"letters           {speed:8.0f} per second, {len(files[0]) / 1024:.0f} KiB each")
    print(f"floor             {floor:8.0f} per second (drawString), ratio {speed / floor:.2f}")
    if beside is not None:
        size = len(others[0]) / 1024
        print(f"typst             {theirs:8.0f} per second, {size:.0f} KiB each, ratio {speed / theirs:.2f}")
    else:
        print("typst              not installed: 186 per second were seen on a machine like this")
    print(f"memory            {added:8.1f} MiB added by {count} letters written one after the other")
    print(f"preview           {statistics.median(shown) * 1000:8.0f} ms to draw and rasterise a page again")
    print(f"print run of {count:4d} {merging * 1000:8.0f} ms, {len(run) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
