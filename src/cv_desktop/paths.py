"""Where things are: the shipped resources, and the folders of this computer."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import platformdirs

APPLICATION = "CV Desktop"


def resource(*parts: str) -> Traversable:
    """A shipped file. In a checkout the resources lie beside ``src``, in a package inside it."""
    packaged = files("cv_desktop").joinpath("resources")
    root: Traversable = packaged if packaged.is_dir() else Path(__file__).parents[2] / "resources"
    return root.joinpath(*parts)


def data_folder() -> Path:
    """Where this person's bases live unless told otherwise."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def settings_file() -> Path:
    """Settings of this computer, not of the institution."""
    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False)) / "poste.json"


def log_folder() -> Path:
    return Path(platformdirs.user_log_dir(APPLICATION, appauthor=False))
