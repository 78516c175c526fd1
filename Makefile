# The verbs a newcomer needs: setup, run, test, check, bench, accuracy, docs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MAIL_SERVERS := .mail-servers/.unpacked

.PHONY: setup run test mail-servers check format bench accuracy docs lock clean

setup: $(STAMP)

# --require-hashes: every artefact is pinned by content; the lock names no index, so mirrors work.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; install python3 and python3-venv."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11."; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv; else echo "Install the venv module (Debian: apt-get install python3-venv)."; exit 2; fi; }
	@echo "Setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup
	@OPENENRICH_HOME="$${OPENENRICH_HOME:-$(CURDIR)/.openenrich}" exec $(BIN)/openenrich demo

check: setup
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports > .import-linter.out 2>&1 || { cat .import-linter.out; rm -f .import-linter.out; exit 1; }; rm -f .import-linter.out

# curl runs the shell example.
test: check $(MAIL_SERVERS)
	@command -v curl >/dev/null || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq curl; else echo "Install curl (Debian: apt-get install curl)."; exit 2; fi; }
	@$(BIN)/python -m pytest

# Real mail servers for the tests, unpacked into a folder (about 15 s, once); nothing is installed.
mail-servers: $(MAIL_SERVERS)

$(MAIL_SERVERS): tests/e2e/mail_servers.sh
	@bash tests/e2e/mail_servers.sh $(@D)

format: setup
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench: setup
	@$(BIN)/python bench/run.py

accuracy: setup
	@$(BIN)/python bench/confusion.py

docs: setup
	@$(BIN)/python docs/renew.py

lock:
	@$(PYTHON) -m pip install --quiet uv
	@$(PYTHON) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .mail-servers .mypy_cache .ruff_cache .hypothesis .pytest_cache .import_linter_cache
