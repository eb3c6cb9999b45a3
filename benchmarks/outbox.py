"""1 000 letters issued: merged, numbered, drawn, kept, written to disk. Prints letters a second and the ratio to
drawing alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, select

from cv_desktop.db.models.application import Application
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.letters import LetterContent
from cv_desktop.paths import resource
from cv_desktop.services import demonstration, letters

COUNT = 1_000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story = demonstration.Story()
        workbook = folder / "depots.xlsx"
        workbook.write_bytes(resource("demo", "depots_fia_2026.xlsx").read_bytes())
        drawn: list[LetterContent] = []

        def render(content: LetterContent) -> bytes:
            drawn.append(content)
            return letter_pdf.render(content)

        with demonstration.open_base(folder) as store:
            demonstration.campaign(store, story)
            demonstration.deposits(store, story, workbook)
            with store.write("Banc") as session:
                one = session.scalars(select(Application)).first()
                assert one is not None
                columns = {c.key: getattr(one, c.key) for c in Application.__mapper__.column_attrs}
                session.execute(
                    insert(Application),
                    [
                        {**columns, "id": f"b{i}", "seq": 1000 + i, "number": f"B-{i:05d}", "external_id": f"b{i}"}
                        for i in range(COUNT - 39)
                    ],
                )
                letters.prepare(session, call_id=story.call_id)
            with store.read() as session:
                ready = letters.not_issued(session, call_id=story.call_id)
            start = perf_counter()
            letters.issue(store, actor="Banc", letter_ids=ready, render=render)
            whole = perf_counter() - start
        start = perf_counter()
        for content in drawn:
            letter_pdf.render(content)
        alone = perf_counter() - start
    print(f"{len(drawn)} letters issued   {whole:6.2f} s   {len(drawn) / whole:6.0f} a second")
    print(f"the same, drawn only   {alone:6.2f} s   {len(drawn) / alone:6.0f} a second   ratio {whole / alone:.2f}")


if __name__ == "__main__":
    main()
