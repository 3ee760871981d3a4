# The two commands: `make run` serves a demo on 127.0.0.1, `make test` runs the whole suite.
# The README gives each as plain commands. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto

PY := .venv/bin/python
PYTEST := $(PY) -m pytest
UNITS := $(PYTEST) -n $(WORKERS) --ignore=tests/browser --ignore=tests/faults
BROWSER := $(PYTEST) -n $(WORKERS) tests/browser
# Some of them tell how long something takes: one after the other.
FAULTS := $(PYTEST) tests/faults

RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed

.DEFAULT_GOAL := help
.PHONY: help run test units faults coverage lint format types bench screenshots

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) .env  ## serve a demo on http://127.0.0.1:8000 (PORT=9000 for another port) until Ctrl-C
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py demo --if-empty
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@echo "AMPS Tracker: http://127.0.0.1:$(PORT)   (Ctrl-C stops it)"
	@exec $(PY) -m gunicorn amps_tracker.wsgi -w 2 --threads 4 --bind 127.0.0.1:$(PORT) --no-control-socket --log-level warning

test: $(DEV)  ## the whole suite: units, browser and fault tests; all of them run, one exit code
	@status=0; $(UNITS) || status=1; $(BROWSER) || status=1; $(FAULTS) || status=1; exit $$status

units: $(DEV)  ## only the tests that need neither a browser nor a server
	$(UNITS)

faults: $(DEV)  ## only the fault tests (kills, restarts, races)
	$(FAULTS)

coverage: $(DEV)  ## the units with coverage, held against the project's bounds
	@rm -f .coverage coverage.json
	$(UNITS) --cov --cov-report=
	@$(PY) -m coverage json --quiet -o coverage.json
	@$(PY) tests/coverage_check.py coverage.json

lint: $(DEV)  ## ruff (rules and format) and djade (templates)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 --check {} +

format: $(DEV)  ## put code and templates into the project's format
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

types: $(DEV)  ## mypy
	$(PY) -m mypy

bench: $(DEV)  ## each page's cost as a ratio to a bare Django page
	$(PY) tests/bench/run.py

screenshots: $(DEV)  ## the README's pictures
	$(PY) tests/browser/screenshots.py

# A half-made .venv (no pip, or its Python gone) is made again; a stamp says when the requirements were last installed.
$(RUNTIME): requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "AMPS Tracker needs Python 3.11 or newer: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "Installing what AMPS Tracker needs ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt constraints.txt $(RUNTIME)
	@echo "Installing what the tests need ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Made once and never overwritten: it is what makes a plain `manage.py` run in demo mode too.
.env:
	@umask 077; $(PYTHON) -c 'import secrets; print("DEMO=1", "SECRET_KEY=" + secrets.token_urlsafe(50), "FIELD_KEY=" + secrets.token_urlsafe(50), sep="\n")' > .env.new && mv .env.new .env
	@echo "Wrote .env (demo mode, random keys)."
