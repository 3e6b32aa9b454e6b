# `make run` starts the product, `make test` tests it. Needs git, make and Python 3.11 or newer, nothing else.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
BIN := .venv/bin
UV ?= uv
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check format lock bench drill language fit clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

run: .venv/installed ## start web, worker and scheduler on this machine (PORT, CARECRM_DATA)
	@exec $(BIN)/python manage.py up

test: .venv/installed-dev ## run every test
	@sh .ci/browser
	$(BIN)/pytest -n 2 --dist loadscope -m "not drill" $(PYTEST_ARGS)

check: .venv/installed-dev ## run every lint, type, architecture and migration check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy apps carecrm
	$(BIN)/lint-imports
	git ls-files -z --cached --others --exclude-standard 'templates/*.html' | \
		xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/python manage.py makemigrations --check --dry-run
	CARECRM_BEHIND_TLS=yes $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/pytest -q tests/architecture

format: .venv/installed-dev ## put code and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z --cached --others --exclude-standard 'templates/*.html' | \
		xargs -0 -r $(BIN)/djade --target-version 5.2 || true  # it exits 1 where it changed a file

bench: .venv/installed-dev ## measure beside the limits, on PostgreSQL (DATABASE_URL)
	$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

drill: .venv/installed-dev ## the long fault drills, minutes
	$(BIN)/pytest -m drill $(PYTEST_ARGS)

language: .venv/installed-dev ## how well the language of care is told (CARECRM_REAL_DATA)
	@$(BIN)/python -m tests.language.report

fit: .venv-fit/installed ## fit the checker's score to the labelled drafts anew, minutes
	.venv-fit/bin/python -m tests.language.fit

lock: ## resolve requirements*.in into the hashed locks; needs uv
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		requirements.in --output-file requirements.txt
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		requirements-dev.in --output-file requirements-dev.txt
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		requirements-fit.in --output-file requirements-fit.txt

clean: ## remove the environment and caches, not the data
	rm -rf .venv .venv-fit .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The environment is made whole or not at all: a stamp says which locks it was made from.
.venv/bin/python:
	@echo "Installing into .venv: a minute or two, once ..."
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found as python3." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@test -f .venv/installed-dev && test .venv/installed-dev -nt requirements.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/installed

.venv-fit/installed: requirements-fit.txt
	$(PYTHON) -m venv .venv-fit
	.venv-fit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fit.txt
	@touch $@
