# Weerklank: run `make` for what can be done.
SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
TESTS ?= tests
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix translations migration lock bench chromium clean

help: ## show this list
	@echo "Weerklank. What you can make:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: $(STAMP) ## make .venv with everything in it, .venv/bin/weerklank included
	@$(PYTHON) -m tools.translations --compile

# The lock says exactly what is installed, by hash; the project itself is a link to this folder.
$(STAMP): requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(VENV)
	@touch $@

demo: setup ## a care organisation of 220 people with a released scan, on 127.0.0.1
	@$(BIN)/weerklank demo $(ARGS)

test: setup chromium ## every test
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(TESTS) $(ARGS)

chromium:
	@sh tools/chromium.sh

check: setup ## lint, types, import contracts, translations, docs in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PYTHON) -m tools.translations --check
	@$(PYTHON) -m pytest -q tests/architecture/test_docs.py

fix: setup ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(PYTHON) -m tools.commands --write

translations: setup ## bring new interface texts into the catalogues
	@$(PYTHON) -m tools.translations --update

migration: setup ## write the migration for changed tables: make migration NAME="what changes"
	@$(PYTHON) -m tools.migration "$(NAME)"

lock: $(STAMP) ## choose versions anew; with hashes, without addresses
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --all-extras \
		$(ARGS) pyproject.toml --output-file requirements.lock

bench: setup ## the benchmarks, each with what it measured
	@for script in bench/*.py; do case $$script in */_*) ;; *) echo "== $$script"; $(PYTHON) $$script || exit 1;; esac; done

clean: ## remove what was made, but for instance/
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
