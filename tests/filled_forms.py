"""PDF forms as an association sends them, made with the boxes and the printed words that the tests ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Line:
    """A printed text and its box; ``name`` is the author's, ``tip`` the tooltip; ``tick`` makes it a box to tick.

    ``flags`` are those of a text (« multiline », « comb » with ``longest`` signs). ``buttons`` are the words printed
    after the buttons of a group, of which ``value`` is the one chosen; ``after`` prints the text after its box.
    """

    printed: str
    value: str = ""
    name: str = ""
    tip: str = ""
    tick: bool | None = None
    flags: str = ""
    longest: int | None = None
    buttons: tuple[str, ...] = ()
    after: bool = False


def form(path: Path, lines: list[Line], title: str = "Cerfa n° 12156*06", password: str | None = None) -> Path:
    """Writes the form; a box without a name is called « Champ 1 », « Champ 2 »…"""
    canvas = Canvas(str(path), pagesize=A4, encrypt=password)
    canvas.drawString(60, 800, title)
    y = 770.0
    for number, line in enumerate(lines, start=1):
        if y < 60:
            canvas.showPage()
            y = 800.0
        canvas.drawString(348 if line.after else 60, y + 4, line.printed)
        name, tip = line.name or f"Champ {number}", line.tip or None
        if line.tick is not None:
            canvas.acroForm.checkbox(name=name, tooltip=tip, x=330, y=y, size=14, checked=line.tick)
        elif line.buttons:
            x = 270.0
            for place, words in enumerate(line.buttons):
                chosen = words == line.value
                canvas.acroForm.radio(name=name, tooltip=tip, value=f"choix{place}", selected=chosen, x=x, y=y, size=14)
                canvas.drawString(x + 18, y + 4, words)
                x += 120
        else:
            plain = line.value.encode("latin-1", "replace").decode("latin-1")
            tall = 40 if "multiline" in line.flags else 16
            y -= tall - 16
            canvas.acroForm.textfield(
                name=name, tooltip=tip, value=plain, x=330, y=y, width=220, height=tall,
                fieldFlags=line.flags, maxlen=line.longest,
            )  # fmt: skip
        y -= 22
    canvas.save()
    if password is None:
        _write_beyond_latin(path, {x.name or f"Champ {n}": x.value for n, x in enumerate(lines, start=1)})
    return path


def _write_beyond_latin(path: Path, values: dict[str, str]) -> None:
    """Reportlab writes the values of Latin-1; « œ » and « ’ » are put in as Adobe Reader does."""
    wanted = {name: value for name, value in values.items() if any(ord(sign) > 255 for sign in value)}
    if wanted:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            for field in pdf.Root.AcroForm.Fields:
                if (name := str(field.get("/T", ""))) in wanted and field.get("/FT") == "/Tx":
                    field.V = pikepdf.String(wanted[name])
            pdf.save(path)


def flattened(path: Path, source: Path) -> Path:
    """The form printed to a PDF: its words, none of its boxes."""
    with pikepdf.open(source) as pdf:
        del pdf.Root["/AcroForm"]
        for page in pdf.pages:
            del page["/Annots"]
        pdf.save(path)
    return path


def dynamic(path: Path, source: Path) -> Path:
    """The form as Adobe's LiveCycle writes it: no box of its own, an XML that only Adobe Reader shows."""
    with pikepdf.open(source) as pdf:
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array(), XFA=pikepdf.Stream(pdf, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        )
        for page in pdf.pages:
            del page["/Annots"]
        pdf.save(path)
    return path


# What an association of Alsace wrote, everything filled.
WHOLE = [
    Line("Forme :", "En numéraire", name="forme", buttons=("En numéraire", "En nature")),
    Line("Première demande", tick=False, after=True),
    Line("Renouvellement (ou poursuite)", tick=True, after=True, tip="Renouvellement"),
    Line("Projet(s)/action(s)", tick=True, after=True, tip="Action"),
    Line("1.1 Nom - Dénomination :", "Les Amis de l’Été & Cœur"),
    Line("Sigle", "AEC"),
    Line("Site web", "https://aec.exemple.fr"),
    Line("1.2 Numéro SIRET", "99390487900018", flags="comb", longest=14),
    Line("1.3 Numéro RNA", "W779900991"),
    Line("Date d’inscription au registre", "12/03/1998"),
    Line("Volume", "45"),
    Line("Folio", "118"),
    Line("Tribunal", "Tribunal d’instance de Saverne"),
    Line("Adresse du siège social", "3 rue du Marché"),
    Line("Code postal", "77000"),
    Line("Commune", "Melun"),
    Line("Commune déléguée", "Saint-Aspais"),
    Line("Adresse de gestion ou de correspondance", "BP 12, 77008 Melun Cedex"),
    Line("Nom du représentant légal", "Exemple"),
    Line("Prénom du représentant légal", "Zoé"),
    Line("Fonction du représentant légal", "Présidente"),
    Line("Téléphone du représentant légal", "01 99 00 12 34"),
    Line("Courriel du représentant légal", "zoe@exemple.fr"),
    Line("Nom de la personne chargée de la demande", "Témoin"),
    Line("Prénom de la personne chargée de la demande", "Noël"),
    Line("Type d’agrément", "Jeunesse et éducation populaire"),
    Line("Attribué par", "Préfecture de Seine-et-Marne"),
    Line("En date du", "14/06/2019"),
    Line("Type d’agrément", "Centre social"),
    Line("Attribué par", "CAF"),
    Line("En date du", "31/02/2020"),
    Line("Reconnue d’utilité publique", "Oui", name="rup", buttons=("Oui", "Non")),
    Line("Date de publication au Journal officiel", "02/05/2001"),
    Line("Assujettie aux impôts commerciaux", "Non", name="impots", buttons=("Oui", "Non")),
    Line("Réseau, union ou fédération", "Fédération des centres sociaux"),
    Line("Personnes morales adhérentes", "Club Modèle"),
    Line("Nombre de bénévoles", "31"),
    Line("Nombre de volontaires", "2"),
    Line("Nombre total de salariés", "5"),
    Line("Dont nombre d’emplois aidés", "1"),
    Line("Salariés en ETPT", "3,75"),
    Line("Personnels mis à disposition ou détachés", "1"),
    Line("Nombre d’adhérents", "210"),
    Line("Dont adhérentes", "120"),
    Line("Exercice du", "01/01/2025"),
    Line("Exercice au", "31/12/2025"),
    Line("Total des charges de l’association", "84 000"),
    Line("Total des produits de l’association", "86 500"),
    Line("Intitulé", "Ateliers d’été"),
    Line("Objectifs", "Rompre l’isolement.\nDonner la parole aux aînés.", flags="multiline"),
    Line("Nombre de bénéficiaires", "40"),
    Line("Date de début", "06/07/2026"),
    Line("Date de fin", "28/08/2026"),
    Line("60 Achats", "1 000"),
    Line("613 Locations", "2 000"),
    Line("70 Vente de produits", "600"),
    Line("74 CAMVS FIA (demandé)", "2 400"),
    Line("Subvention demandée", "2 400,00"),
    Line(
        "Est à jour de ses obligations administratives, comptables, sociales et fiscales", tick=True, tip="Obligations"
    ),
    Line("Exactes et sincères", tick=True),
    Line("Charte des engagements réciproques", tick=True),
    Line("Contrat d’engagement républicain", tick=True),
    Line("Inférieur ou égal à 500 000 €", tick=True, after=True, tip="Inférieur ou égal à 500 000 €"),
    Line("Supérieur à 500 000 €", tick=False, after=True, tip="Supérieur à 500 000 €"),
    Line("Je soussigné", "Zoé Exemple"),
    Line("Fait le", "02/03/2026"),
]

REPORT = [
    Line("Nom - Dénomination", "Club Parlons-en"),
    Line("Numéro SIRET", "", name="siret", flags="comb", longest=14),
    Line("Intitulé de l’action", "Paroles d’été"),
    Line("Exercice", "2025"),
    Line("Décrire précisément la mise en œuvre", "Douze séances, deux sorties.", flags="multiline"),
    Line("Nombre approximatif de bénéficiaires", "38"),
    Line("Objectifs atteints", "Oui", name="atteints", buttons=("Oui", "Non")),
    Line("Subvention accordée", "1 500"),
]
