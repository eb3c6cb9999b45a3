# Two commands do everything on a bare Debian machine: `make run` and `make test`.
# What the system lacks is installed by installer/system.sh, what Python lacks into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run demo test check bench setup judges lock clean

run: setup
	@$(BIN)/python -m cv_desktop gui

demo: setup
	@$(BIN)/python -m cv_desktop demo --out demo

test: check judges
	@$(BIN)/python -m pytest -q -n $$(( $$(nproc) + 1 )) --dist loadfile

check: setup
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; QT_QPA_PLATFORM=offscreen $(BIN)/python $$script || exit 1; done

judges: setup
	@sh installer/system.sh test

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml installer/system.sh
	@sh installer/system.sh
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Python packages: installing those of requirements.txt into $(VENV) (some 40 seconds)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Developers only: rewrites requirements.txt from pyproject.toml, hashes kept, no address.
lock:
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.txt

clean:
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
