# Two commands from a fresh clone: `make demo` and `make test`. Each makes its own .venv from pinned, hashed requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test slow check format lock docs clean

demo: $(VENV)/.run
	$(BIN)/sourcer demo demo-world --force

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "not slow"

slow: $(VENV)/.dev
	SOURCER_TEST_PROFILE=thorough $(BIN)/python -m pytest -n 2 -m "slow or hypothesis"

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What is generated: command help, configuration, lexicon tables. A test fails where they are stale.
docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

# Needs uv; one lock for every platform and Python >= 3.11, without index addresses.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -o requirements.txt
	uv pip compile pyproject.toml --extra kaggle --extra py7zr --group dev --universal --python-version 3.11 --generate-hashes \
		-c requirements.txt --no-header --no-annotate -o requirements-dev.txt

clean:
	rm -rf $(VENV) demo-world dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sourcer needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	touch $@ $(VENV)/.run
