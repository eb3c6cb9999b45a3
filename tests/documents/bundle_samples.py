"""Bundles as the service makes them, and scans as an office makes them: pens, skew, dust, grey paper."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cv_desktop.documents import bundle_layout, bundle_paper
from cv_desktop.documents.bundle_layout import DEDICATED, BoxPlace, PagePlace
from cv_desktop.domain.bundle import Bundle, BundleFile, asked_of
from cv_desktop.domain.grid import Grid
from cv_desktop.paths import resource

SECRET = "secret de la liasse"
DPI = 200
DOTS = DPI / 25.4


def bundle(files: int = 2) -> Bundle:
    grid = Grid.of_scheme(json.loads(resource("reference", "grilles.json").read_text(encoding="utf-8")), "AAP")
    return Bundle(
        key="K7QZ4M2P",
        call_code="AAP-2026",
        call_label="Appel à projets 2026",
        meeting="Comité n° 1",
        member_id="m1",
        member="Alix Exemple",
        body="Ville de Melun",
        grid_version=1,
        criteria=asked_of(grid),
        files=tuple(
            BundleFile(
                application_id=f"a{rank}",
                number=f"AAP-2026-{rank:04}",
                structure=f"Association Exemple {rank}",
                title="Ateliers <du> mercredi & sorties",
                figures=(("Demandé", "8 500 €"),),
                criteria=grid.codes,
            )
            for rank in range(1, files + 1)
        ),
        made_on="2026-04-15",
    )


@lru_cache(maxsize=4)
def printed(files: int = 2) -> bytes:
    return bundle_paper.render(bundle(files), SECRET)


@lru_cache(maxsize=8)
def page_image(number: int, files: int = 2) -> Image.Image:
    document = pypdfium2.PdfDocument(printed(files))
    return document[number].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")


@lru_cache(maxsize=4)
def _noise(sigma: int) -> Image.Image:
    random_state = random.Random(sigma)
    tile = Image.frombytes("L", (256, 256), bytes(
        min(255, max(0, round(random_state.gauss(128, sigma)))) for _ in range(256 * 256)
    ))  # fmt: skip
    whole = Image.new("L", (1792, 2560))
    for x in range(0, 1792, 256):
        for y in range(0, 2560, 256):
            whole.paste(tile.transpose(Image.Transpose(random_state.randrange(5))), (x, y))
    return whole


@dataclass
class Scan:
    """A scanned page; ``clear`` are the marks anybody reads, ``unclear`` the criteria that only a person can judge."""

    image: Image.Image
    place: PagePlace
    clear: dict[str, str] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    dedicated: set[str] = field(default_factory=set)


def scan(dice: random.Random, number: int) -> Scan:
    """A page filled by hand, then scanned askew."""
    place = bundle_layout.pages(bundle())[number - 1]
    image = page_image(number).copy()
    made = Scan(image, place)
    draw = ImageDraw.Draw(image)
    for row in place.rows:
        levels = [box for box in row.boxes if box.value != DEDICATED]
        code = row.asked.code
        chance = dice.random()
        if chance < 0.72:
            box = dice.choice(levels)
            _mark(draw, dice, box, dice.choice(("cross", "cross", "tick")))
            made.clear[code] = box.value
            flag = next((box for box in row.boxes if box.value == DEDICATED), None)
            if flag is not None and dice.random() < 0.3:
                _mark(draw, dice, flag, "cross")
                made.dedicated.add(code)
        elif chance < 0.78:
            made.empty.add(code)
        else:
            _unclear(draw, dice, levels)
            made.unclear.add(code)
    made.image = _scanned(image, dice)
    return made


def _unclear(draw: ImageDraw.ImageDraw, dice: random.Random, levels: list[BoxPlace]) -> None:
    one, other = dice.sample(levels, 2)
    kind = dice.choice(("two", "corrected", "circled", "between"))
    if kind == "two":
        _mark(draw, dice, one, "cross")
        _mark(draw, dice, other, "tick")
    elif kind == "corrected":
        _mark(draw, dice, one, "black")
        _mark(draw, dice, other, "cross")
    elif kind == "circled":
        _mark(draw, dice, one, "circle")
    else:
        first, last = sorted((one, other), key=lambda box: box.x)
        y = (first.y + first.side / 2) * DOTS
        draw.line([(first.x * DOTS, y), ((last.x + last.side) * DOTS, y)], fill=40, width=5)


def _mark(draw: ImageDraw.ImageDraw, dice: random.Random, box: BoxPlace, kind: str) -> None:
    x, y, side = box.x * DOTS, box.y * DOTS, box.side * DOTS
    pen, grey = max(2, round(dice.uniform(0.3, 0.9) * DOTS)), dice.randint(0, 110)
    edge = dice.uniform(0.1, 1.2) * DOTS

    def shaken(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(px + dice.uniform(-0.5, 0.5) * DOTS, py + dice.uniform(-0.5, 0.5) * DOTS) for px, py in points]

    if kind == "cross":
        draw.line(shaken((x + edge, y + edge), (x + side - edge, y + side - edge)), fill=grey, width=pen)
        draw.line(shaken((x + side - edge, y + edge), (x + edge, y + side - edge)), fill=grey, width=pen)
    elif kind == "tick":
        points = ((x + 0.1 * side, y + 0.5 * side), (x + 0.4 * side, y + 0.9 * side), (x + side, y))
        draw.line(shaken(*points), fill=grey, width=pen)
    elif kind == "black":
        draw.rectangle((x, y, x + side, y + side), fill=grey)
    else:
        around = 1.2 * DOTS
        draw.ellipse((x - around, y - around, x + side + around, y + side + around), outline=grey, width=pen)


def _scanned(image: Image.Image, dice: random.Random) -> Image.Image:
    turned = image.rotate(
        dice.uniform(-3, 3) + dice.choice((0, 0, 0, 180)),
        Image.Resampling.BILINEAR,
        fillcolor=dice.randint(225, 255),
        translate=(dice.randint(-20, 20), dice.randint(-20, 20)),
    )
    if dice.random() < 0.5:  # a pale copy on grey paper
        light = dice.uniform(0.8, 1)
        turned = turned.point([round(40 + value * (light - 40 / 255)) for value in range(256)])
    dust = _noise(dice.choice((6, 14, 24)))
    x, y = dice.randrange(100), dice.randrange(100)
    turned = ImageChops.add(turned, dust.crop((x, y, x + turned.width, y + turned.height)), 1, -128)
    if dice.random() < 0.3:
        turned = turned.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 1.0)))
    return turned


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
