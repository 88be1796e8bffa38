# Every action of a developer. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
HOME_FOLDER := $(if $(CUSTOMER_360_HOME),$(CUSTOMER_360_HOME),.customer360)
HOUSEHOLDS ?=
SCALE ?= 1
SEED ?= 360
PORT ?= 8360
SANDBOX_PORT ?= 9050
TARGETS ?= local
TARGET ?=
READY := .venv/.ready

# Quiet and offline: nothing of ours reports home.
export DO_NOT_TRACK := 1

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## Install everything the project needs (done by every other command when missing)

$(READY): requirements.lock scripts/setup.sh scripts/native-libraries.sh
	@PYTHON="$(PYTHON)" bash scripts/setup.sh

company: setup ## Let the simulated company write its systems of record (HOUSEHOLDS=, SCALE=, SEED=)
	@$(BIN)/python -m sandbox.company --out $(HOME_FOLDER)/company --seed $(SEED) --scale $(SCALE) $(if $(HOUSEHOLDS),--households $(HOUSEHOLDS))

demo: company ## Run the whole path once: systems of record to Customer 360 and docs site
	@$(BIN)/python -m flows.pipeline --targets $(TARGETS)

test: setup ## Run every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests

parity: setup ## Build on all TARGETS= side by side and prove that they hold the same rows
	@$(BIN)/python -m flows.pipeline --targets $(TARGETS) --parity

verify: setup ## Try a warehouse of yours in a scratch schema: macros, build, parity, drop (TARGET=)
	@$(BIN)/python -m flows.verify --target "$(TARGET)"

macros: setup ## Prove the portable macros: the matrix macro x engine x passed (TARGET= for one warehouse)
	@$(BIN)/python -m tests.macros --home $(HOME_FOLDER) $(if $(TARGET),--target $(TARGET))

docs: setup ## Build the docs site from the last build
	@$(BIN)/python -m docs_site build --home $(HOME_FOLDER)

docs-serve: setup ## Open the docs site on http://127.0.0.1:8360 (PORT=)
	@$(BIN)/python -m docs_site serve --home $(HOME_FOLDER) --port $(PORT)

sandbox: setup ## Run the BigQuery stand-in in the foreground until Ctrl-C (SANDBOX_PORT=)
	@$(BIN)/python -m sandbox.bigquery --home $(HOME_FOLDER) --port $(SANDBOX_PORT)

sandbox-reset: ## Delete what the stand-in keeps
	@rm -rf $(HOME_FOLDER)/sandbox/bigquery

lint: setup ## Check Python, types and SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest -q tests/compile tests/architecture

format: setup ## Format the Python code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: setup ## Measure dbt against the same SQL straight in DuckDB, and an incremental day against a full build
	@$(BIN)/python -m benchmarks

lock: setup ## Renew requirements.lock from pyproject.toml
	@bash scripts/lock.sh

reset: ## Delete what the project wrote (lake, warehouse, site), keep the environment
	@rm -rf $(HOME_FOLDER) target logs

.PHONY: help setup company demo test parity verify macros docs docs-serve sandbox sandbox-reset lint format bench lock reset
