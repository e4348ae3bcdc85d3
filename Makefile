# The University ERP. `make help` lists what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The first interpreter that is new enough.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.requirements
TEST_STAMP := $(VENV)/.requirements-test
# Twice the cores: tests wait for servers, disks and clocks as much as they compute.
WORKERS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))
# Tests that drive a browser keep an event loop running, in which no other asynchronous test can run: a process of their own.
BROWSER := tests/browser

# What `make reliability` runs at length.
AT_LENGTH := tests/reliability tests/contracts tests/library_mgt/model tests/journeys/test_chapter_four.py tests/journeys/test_first_loan.py

.PHONY: help setup setup-test run test test-long lint format bench reliability clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(RUN_STAMP) $(BIN)/erp ## Make the virtual environment with what the university needs to run

setup-test: $(TEST_STAMP) $(BIN)/erp ## ... and with what its tests need

run: setup ## Set up, fill a demo university, say where it is, and serve it on port 8000
	@$(BIN)/erp migrate
	@$(BIN)/erp demo
	@$(BIN)/erp serve

test: setup-test lint ## Run every check and every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not long' $(BROWSER:%=--ignore=%) $(ARGS)
	@$(BIN)/python -m pytest -n auto --dist loadfile -m 'not long' $(BROWSER)

test-long: setup-test ## Run on the other database what `make test` ran on one, and look at every page
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m long $(BROWSER:%=--ignore=%) $(AT_LENGTH:%=--ignore=%)
	@$(BIN)/python -m pytest -n auto --dist loadfile -m long $(BROWSER)

lint: setup-test ## Check style, types and the boundaries between packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports --no-logo > $(VENV)/.imports || { cat $(VENV)/.imports; exit 1; }

format: setup-test ## Put the code into the form that lint asks for
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup-test ## Measure, and print ratios beside their goals, or AGAINST=<url> beside another one
	@$(BIN)/python -m tests.benchmarks $(if $(AGAINST),--against $(AGAINST)) $(ARGS)

reliability: setup-test ## Kill, cut, race and overload it, and print what was lost
	@$(BIN)/python -m tests.reliability $(ARGS)

clean: ## Remove the virtual environment and the caches; the records in var stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made without ensurepip, which Debian packs apart: the machine's pip fills it from outside.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

$(RUN_STAMP): requirements.txt | $(BIN)/python
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.txt
	@touch $@

$(TEST_STAMP): requirements-test.txt | $(BIN)/python
	@echo "Setting up $(VENV) for tests (once) ..."
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-test.txt
	@touch $@ $(RUN_STAMP)

$(BIN)/erp: | $(BIN)/python
	@printf '#!/bin/sh\nexec "$(CURDIR)/$(BIN)/python" "$(CURDIR)/main.py" "$$@"\n' > $@
	@chmod +x $@
