# make run PROJECT=FOLDER   index a project in the background and show what can be asked
# make test                 the tests, and nothing else
# make lint                 style, types, layers
# make bench | soak | accuracy   the long measurements (ARGS=… is passed on)
#
# A virtual environment is made in .venv on first use, and again when what it is made from changes.

PROJECT ?= .
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# The first Python on the path that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt
MADE_FROM := pyproject.toml .ci/constraints.txt

.PHONY: help run test lint bench soak accuracy clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed '/^$$/q'

run: $(VENV)/run.stamp
	@$(BIN)/python -m indexer tour "$(PROJECT)"

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/dev.stamp
	$(BIN)/python -m tests.soak $(ARGS)

accuracy: $(VENV)/dev.stamp
	$(BIN)/python -m tests.accuracy $(ARGS)

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or name it with PYTHON=…" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV)

# What runs the program.
$(VENV)/run.stamp: $(MADE_FROM) | $(BIN)/python
	@echo "Installing the program and what it needs …"
	@$(INSTALL) --editable .
	@touch $@

# What tests and checks it.
$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "Installing what the tests and checks need …"
	@$(INSTALL) --editable '.[test,lint]'
	@touch $@
