"""The style sheet: short, built from the tokens, for what the palette alone cannot say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cv_desktop.paths import resource
from cv_desktop.ui.tokens import CONTROL_HEIGHT, CONTROL_SMALL, RADIUS_CARD, RADIUS_FIELD, STATUSES, Colors

Length = Callable[[float], int]


def stylesheet(c: Colors, scale: float, variant: str) -> str:
    """The sheet of the whole application; ``variant`` (light, dark) chooses the small drawings."""

    def px(value: float) -> int:
        return max(1, round(value * scale))

    b = c.border_width
    inner, small = px(CONTROL_HEIGHT) - 2 * b, px(CONTROL_SMALL) - 2 * b
    parts = [
        _texts(c, px),
        f"""
QToolTip {{ background: {c.band}; color: {c.on_band}; border: none; padding: 5px 8px; }}
QFrame[card="true"] {{ background: {c.surface}; border: {b}px solid {c.line}; border-radius: {RADIUS_CARD}px; }}
QFrame[rule="true"] {{ background: {c.line}; border: none; }}
QWidget[surface="surface"] {{ background: {c.surface}; }}
QWidget[surface="chrome"] {{ background: {c.chrome}; }}
QWidget[surface="window"] {{ background: {c.window}; }}
QWidget[surface="sunken"] {{ background: {c.sunken}; }}
QWidget[surface="soft"] {{ background: {c.soft}; border-left: 3px solid {c.accent}; }}
QWidget[surface="soft"] QLabel {{ border: none; background: transparent; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[surface=""] {{ background: transparent; }}
QStackedWidget {{ background: transparent; }}
""",
        _buttons(c, px, b, inner, small),
        _fields(c, px, b, inner, variant),
        _tabs_and_tables(c, px, b, variant),
        _bars(c, px, b),
    ]
    return "\n".join(parts)


def _texts(c: Colors, px: Length) -> str:
    rules = [f'QLabel[tone="{role}"] {{ color: {c.role(role)}; }}' for role in ("text", "secondary", "hint", "accent")]
    rules += [f'QLabel[tone="{status}"] {{ color: {c.tint(status).text}; }}' for status in STATUSES]
    rules.append(
        f'QLabel[key="true"] {{ color: {c.secondary}; background: {c.surface}; border: 1px solid {c.line};'
        f" border-radius: 3px; padding: 1px {px(5)}px; }}"
    )
    return "\n".join(rules)


def _buttons(c: Colors, px: Length, b: int, inner: int, small: int) -> str:
    danger = c.danger.text
    return f"""
QPushButton, QToolButton {{ background: {c.surface}; color: {c.text}; border: {b}px solid {c.field_border};
  border-radius: {RADIUS_FIELD}px; padding: 0 {px(12)}px; min-height: {inner}px; max-height: {inner}px;
  outline: none; }}
QPushButton[small="true"], QToolButton[small="true"] {{ min-height: {small}px; max-height: {small}px;
  padding: 0 {px(9)}px;  }}
QPushButton:hover, QToolButton:hover {{ background: {c.alternate}; border-color: {c.text}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.sunken}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.hint}; background: {c.sunken}; border-color: {c.line}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.focus}; padding: 0 {px(12) - 2 + b}px;
  min-height: {inner + 2 * b - 4}px; max-height: {inner + 2 * b - 4}px; }}
QPushButton[small="true"]:focus, QToolButton[small="true"]:focus {{ padding: 0 {px(9) - 2 + b}px;
  min-height: {small + 2 * b - 4}px; max-height: {small + 2 * b - 4}px; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {c.accent_hover};
  border-color: {c.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.focus}; background-clip: padding; }}
QPushButton[kind="primary"]:disabled {{ background: {c.sunken}; color: {c.hint}; border-color: {c.line}; }}
QPushButton[kind="link"], QPushButton[kind="danger"] {{ background: transparent; border-color: transparent;
  color: {c.accent}; padding: 0 {px(6)}px; }}
QPushButton[kind="link"]:hover, QPushButton[kind="danger"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus, QPushButton[kind="danger"]:focus {{ border: 2px solid {c.focus};
  padding: 0 {px(6) - 2 + b}px; }}
QPushButton[kind="link"][flush="true"]:!focus {{ padding-left: 0; border-left-width: 0; }}
QPushButton[kind="link"][flush="true"]:focus {{ padding: 0 {px(6) - 5}px 0 2px; }}
QPushButton[kind="link"]:disabled, QPushButton[kind="danger"]:disabled {{ color: {c.hint}; }}
QPushButton[kind="danger"], QPushButton[kind="danger"]:hover {{ color: {danger}; }}
QToolButton[kind="tool"], QPushButton[kind="tool"] {{ background: transparent; border-color: transparent;
  padding: 0 {px(5)}px; min-width: {px(18)}px; }}
QToolButton[kind="tool"]:hover, QPushButton[kind="tool"]:hover {{ background: {c.sunken}; }}
QToolButton[kind="tool"]:focus, QPushButton[kind="tool"]:focus {{ border: 2px solid {c.focus};
  padding: 0 {px(5) - 2 + b}px; }}
QPushButton[kind="segment"] {{ background: transparent; border-color: transparent; padding: 0 {px(10)}px;
  color: {c.secondary}; }}
QPushButton[kind="segment"]:checked {{ background: {c.soft}; color: {c.text}; }}
QPushButton[kind="segment"]:focus {{ border: 2px solid {c.focus}; padding: 0 {px(10) - 2 + b}px; }}
QPushButton[kind="choice"] {{ text-align: left; }}
QPushButton[kind="choice"]:checked {{ background: {c.soft}; border: 2px solid {c.accent};
  min-height: {inner + 2 * b - 4}px; max-height: {inner + 2 * b - 4}px; padding: 0 {px(12) - 2 + b}px; }}
QPushButton[kind="choice"]:focus {{ border: 2px solid {c.focus}; }}
QPushButton[kind="chip"] {{ background: {c.info.fill}; color: {c.info.text}; border-color: {c.info.fill};
  border-radius: 3px; padding: 0 {px(6)}px; min-height: {px(20)}px; max-height: {px(20)}px; }}
QPushButton[kind="chip"]:hover {{ border-color: {c.info.text}; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {c.focus}; padding: 0 {px(6) - 2 + b}px; min-height: {px(18)}px;
  max-height: {px(18)}px; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0; }}
"""


def _drawing(name: str, variant: str) -> str:
    return Path(str(resource("theme", f"{name}-{variant}.svg"))).as_posix()


def _fields(c: Colors, px: Length, b: int, inner: int, variant: str) -> str:
    tick, chevron = _drawing("tick", variant), _drawing("chevron", variant)
    return f"""
QLineEdit, QComboBox, QAbstractSpinBox {{ background: {c.surface}; color: {c.text};
  border: {b}px solid {c.field_border}; border-radius: {RADIUS_FIELD}px; padding: 0 {px(9)}px;
  min-height: {inner}px; max-height: {inner}px; selection-background-color: {c.soft}; selection-color: {c.text}; }}
QLineEdit, QAbstractSpinBox {{ selection-background-color: {c.focus}; selection-color: {c.surface}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {c.hint}; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: none; background: transparent; padding: 0; min-height: 0; }}
QPlainTextEdit, QTextEdit {{ background: {c.surface}; color: {c.text}; border: {b}px solid {c.field_border};
  border-radius: {RADIUS_FIELD}px; padding: {px(4)}px {px(5)}px; selection-background-color: {c.focus};
  selection-color: {c.surface}; }}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 2px solid {c.focus};
  padding: 0 {px(9) - 2 + b}px; min-height: {inner + 2 * b - 4}px; max-height: {inner + 2 * b - 4}px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {c.focus};
  padding: {px(4) - 2 + b}px {px(5) - 2 + b}px; }}
QLineEdit:disabled, QLineEdit:read-only, QComboBox:disabled, QPlainTextEdit:disabled {{ background: {c.alternate};
  color: {c.secondary}; border-color: {c.line}; }}
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] {{
  border: 2px solid {c.danger.text}; padding: 0 {px(9) - 2 + b}px;
  min-height: {inner + 2 * b - 4}px; max-height: {inner + 2 * b - 4}px; }}
QLineEdit[cell="true"] {{ border: 2px solid {c.focus}; border-radius: 0; padding: 0 {px(6)}px; min-height: 0;
  max-height: 1000px; }}
QLineEdit[cell="true"][invalid="true"] {{ border: 2px solid {c.danger.text}; min-height: 0; max-height: 1000px;
  padding: 0 {px(6)}px; }}
QLineEdit > QToolButton, QLineEdit > QToolButton:focus, QLineEdit > QToolButton:hover {{ border: none;
  background: transparent; padding: 0; min-width: 0; min-height: 0; max-height: 1000px; }}
QLineEdit[bare="true"] {{ border: none; background: transparent; padding: 0; }}
QComboBox::drop-down {{ border: none; width: {px(24)}px; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 16px; height: 16px; }}
QCheckBox::indicator, QRadioButton::indicator, QListWidget::indicator {{ width: 14px; height: 14px;
  border: 1px solid {c.field_border}; border-radius: 3px; background: {c.surface}; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QListWidget::indicator:checked {{ background: {c.accent};
  border-color: {c.accent}; image: url("{tick}"); }}
QRadioButton::indicator:checked {{ border: 5px solid {c.accent}; width: 6px; height: 6px; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {c.focus}; width: 12px;
  height: 12px; }}
QRadioButton::indicator:checked:focus {{ border: 5px solid {c.focus}; width: 6px; height: 6px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.field_border};
  selection-background-color: {c.soft}; selection-color: {c.text}; outline: none; }}
QComboBox QAbstractItemView::item {{ height: {px(28)}px; padding: 0 {px(8)}px; border: none; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
"""


def _tabs_and_tables(c: Colors, px: Length, b: int, variant: str) -> str:
    left, right = _drawing("chevron-left", variant), _drawing("chevron-right", variant)
    return f"""
QTabWidget::pane {{ border: none; border-top: {b}px solid {c.line}; }}
QTabBar {{ background: transparent;  qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {c.secondary}; border: none; border-bottom: 3px solid transparent;
  padding: {px(6)}px {px(13)}px {px(5)}px {px(13)}px; }}
QTabBar[dense="true"]::tab {{ padding-left: {px(5)}px; padding-right: {px(5)}px; }}
QTabBar::tab:hover {{ color: {c.text}; border-bottom-color: {c.line}; }}
QTabBar::tab:selected {{ color: {c.accent}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ color: {c.focus}; border-bottom-color: {c.focus}; }}
QTabBar::scroller {{ width: {px(26)}px; }}
QTabBar QToolButton {{ background: {c.window}; border: 1px solid {c.line}; border-radius: 4px; }}
QTabBar QToolButton::left-arrow {{ image: url("{left}"); width: 16px; height: 16px; }}
QTabBar QToolButton::right-arrow {{ image: url("{right}"); width: 16px; height: 16px; }}
QTabBar QToolButton:disabled {{ border-color: transparent; }}
QTableView, QTreeView, QListView {{ background: {c.surface}; color: {c.text}; border: none; outline: none;
  selection-background-color: {c.soft}; selection-color: {c.text}; }}
QTreeView::item, QListView::item {{ height: {px(30)}px; padding: 0 {px(8)}px; border-bottom: 1px solid {c.line}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {c.soft}; color: {c.text}; }}
QHeaderView {{ background: {c.window}; border: none; }}
QHeaderView::section {{ background: {c.window}; color: {c.secondary}; border: none;
  border-right: 1px solid {c.line}; border-bottom: {b}px solid {c.line}; padding: 0 {px(8)}px;
   }}
QTableCornerButton::section {{ background: {c.window}; border: none; }}
QCheckBox, QRadioButton {{ spacing: {px(8)}px; }}
QCheckBox:focus, QRadioButton:focus {{ color: {c.focus}; outline: none; }}
"""


def _bars(c: Colors, px: Length, b: int) -> str:
    return f"""
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:horizontal {{ width: 6px; border-left: {b}px solid {c.line}; }}
QSplitter::handle:vertical {{ height: 6px; border-top: {b}px solid {c.line}; }}
QSplitter::handle:hover {{ background: {c.soft}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar::handle {{ background: {c.field_border}; border-radius: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; margin: 2px 3px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; margin: 3px 2px; }}
QScrollBar::handle:hover {{ background: {c.hint}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
QMenuBar {{ background: {c.chrome}; color: {c.text}; border-bottom: 1px solid {c.line}; padding: 0 {px(6)}px; }}
QMenuBar::item {{ background: transparent; padding: {px(5)}px {px(10)}px; border-radius: 3px; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {c.soft}; color: {c.text}; }}
QMenu {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.field_border}; padding: 4px 0; }}
QMenu::item {{ padding: {px(6)}px {px(24)}px {px(6)}px {px(12)}px; }}
QMenu::icon {{ padding-left: {px(10)}px; }}
QMenu::item:selected {{ background: {c.soft}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.hint}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 0; }}
QStatusBar {{ background: {c.chrome}; color: {c.secondary}; border-top: 1px solid {c.line};
   }}
QStatusBar::item {{ border: none; }}
QToolBar {{ background: {c.chrome}; border: none; border-bottom: 1px solid {c.line}; spacing: 8px; }}
QProgressBar {{ background: {c.surface}; border: {b}px solid {c.accent}; border-radius: 3px; text-align: center;
  min-height: 8px; max-height: 8px; color: transparent; }}
QProgressBar::chunk {{ background: {c.accent}; }}
QDialog, QMessageBox {{ background: {c.surface}; }}
"""
