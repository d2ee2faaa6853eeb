# The office in a few words. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help up setup test check bench docs demo-reset lock

PYTHON := $(shell for p in python3 /usr/bin/python3 python3.13 python3.12 python; do $$p -c '' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
export PORT ?= 8000

help: ## list what one can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

up: base ## open the office at http://localhost:8000 (PORT= chooses another)
	@exec $(BIN)/aioffice up

setup: dev ## everything but starting: environment, dependencies, web assets

test: check chromium ## run the checks and all tests (ARGS= is passed to pytest)
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: dev ## format, lint, types, layers, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --quiet src

bench: base ## measure the ledger, receipts, the sweep of time limits, and the answers of the Act (docs/PERFORMANCE.md)
	@$(BIN)/python bench/ledger.py
	@$(BIN)/python bench/receipt.py
	@$(BIN)/python -m bench.classification
	@$(BIN)/python bench/sweep.py

docs: dev ## write the generated parts of docs/ from the declarations
	@$(BIN)/aioffice docs

demo-reset: base ## throw the data of the demo away and load it anew (YES=1 does not ask)
	@$(BIN)/aioffice demo-reset $(if $(YES),--yes)

lock: dev ## work the lock files out again from requirements/*.in
	$(BIN)/uv pip compile $(LOCK) requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile $(LOCK) -c requirements/base.txt requirements/dev.in -o requirements/dev.txt

LOCK := --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header --upgrade

.PHONY: base dev chromium python
base: python
	@$(PYTHON) scripts/setup.py

dev: python
	@$(PYTHON) scripts/setup.py --dev

python:
	@test -n "$(PYTHON)" || { echo "No Python was found: install Python 3.12 or newer and run this again." >&2; exit 1; }

chromium: dev
	@$(BIN)/python scripts/chromium.py
