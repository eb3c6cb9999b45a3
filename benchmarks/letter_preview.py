"""The page beside a text being written: merged with a file, drawn and made a picture. Prints milliseconds and the ratio
to the drawing alone."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from cv_desktop.documents import letter_pdf, pages
from cv_desktop.paths import resource
from cv_desktop.services import demonstration, letter_templates, letter_trials
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.letters.rendering import tried

ROUNDS = 40
SCALE = 1.0  # a page of 595 dots, as beside the text in a window of 1440 by 900
DAY = date(2026, 4, 16)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story = demonstration.Story()
        workbook = folder / "depots.xlsx"
        workbook.write_bytes(resource("demo", "depots_fia_2026.xlsx").read_bytes())
        with demonstration.open_base(folder) as store:
            demonstration.campaign(store, story)
            demonstration.deposits(store, story, workbook)
            with store.read() as session:
                files = [row.id for row in letter_trials.queries.files(session, kind="AR", call_id=story.call_id)]
            token = Token(lambda *_: None)
            content = letter_templates.shipped()["AR"]
            whole = []
            for turn in range(ROUNDS + 1):
                file = files[turn % len(files)]
                start = perf_counter()
                tried(
                    token,
                    store,
                    lambda session, file=file: letter_trials.on_file(
                        session, kind="AR", content=content, application_id=file, day=DAY
                    ),
                    SCALE,
                )
                whole.append(perf_counter() - start)
            with store.read() as session:
                page = letter_trials.on_example(session, kind="AR", content=content, day=DAY).content
        alone = []
        for _turn in range(ROUNDS):
            start = perf_counter()
            pages.picture(letter_pdf.render(page), 0, SCALE)
            alone.append(perf_counter() - start)
    # The first one loads what makes pages.
    print(f"first page          {whole[0] * 1000:6.0f} ms")
    print(f"page after a change {median(whole[1:]) * 1000:6.1f} ms   the longest {max(whole[1:]) * 1000:6.1f} ms")
    print(f"drawn alone         {median(alone) * 1000:6.1f} ms   ratio {median(whole[1:]) / median(alone):.2f}")


if __name__ == "__main__":
    main()
