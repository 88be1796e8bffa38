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
NASTINESS ?= 1
PORT ?= 8360
ONLY ?=
SERVICES ?=
PORTS ?=
TARGETS ?= local
TARGET ?=
BEFORE ?=
AFTER ?=
EDGES ?= 1000000
READY := .venv/.ready
COMMA := ,
SPACE := $(subst ,, )
AZURITE := .venv/azurite/.ready

# Quiet and offline: nothing of ours reports home.
export DO_NOT_TRACK := 1

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

setup: $(READY) ## Install everything the project needs (done by every other command when missing)

$(READY): requirements.lock scripts/setup.sh scripts/native-libraries.sh
	@PYTHON="$(PYTHON)" bash scripts/setup.sh

company: setup ## Let the simulated company write its systems of record (HOUSEHOLDS=, SCALE=, SEED=, NASTINESS=)
	@$(BIN)/python -m sandbox.company --out $(HOME_FOLDER)/company --seed $(SEED) --scale $(SCALE) --nastiness $(NASTINESS) $(if $(HOUSEHOLDS),--households $(HOUSEHOLDS))

demo: company ## Run the whole path once: systems of record to Customer 360 and docs site
	@$(BIN)/python -m flows.pipeline --targets $(TARGETS)

azurite: $(AZURITE) ## Install the emulator of Azure Storage that the sandbox runs (done by test and bench-clouds)

$(AZURITE): $(READY) scripts/azurite.sh sandbox/azure_storage/package-lock.json
	@bash scripts/azurite.sh

prefect: setup ## Run a Prefect server with its site on http://127.0.0.1:4200 until Ctrl-C
	@PREFECT_HOME=$(abspath $(HOME_FOLDER))/prefect PREFECT_SERVER_ANALYTICS_ENABLED=false $(BIN)/prefect server start --host 127.0.0.1

deploy: setup ## Register the deployments of prefect.yaml with the Prefect server
	@$(BIN)/python -m flows.register

worker: setup ## Run what the Prefect server schedules, until Ctrl-C
	@PREFECT_API_URL=$${PREFECT_API_URL:-http://127.0.0.1:4200/api} PREFECT_HOME=$(abspath $(HOME_FOLDER))/prefect $(BIN)/prefect worker start --pool customer-360

test: setup $(AZURITE) ## Run the tests, all but the long ones
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long" tests

test-long: setup $(AZURITE) ## Run the tests that take minutes each (continuous integration runs both)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m long tests

# Without TARGETS all four. Warehouses that the environment does not name are the stand-ins, which are started when they do not answer.
EVERYWHERE := $(if $(filter file,$(origin TARGETS)),local$(COMMA)redshift$(COMMA)synapse$(COMMA)bigquery,$(TARGETS))
NAMED := $(CUSTOMER_360_REDSHIFT_HOST)$(CUSTOMER_360_REDSHIFT_PORT)$(CUSTOMER_360_SYNAPSE_HOST)$(CUSTOMER_360_BIGQUERY_ENDPOINT)$(CUSTOMER_360_BIGQUERY_PROJECT)
STAND_INS := $(if $(NAMED),,$(strip $(filter-out local,$(subst $(COMMA), ,$(EVERYWHERE)))))

parity: $(if $(CUSTOMER_360_OUTBOX)$(wildcard $(HOME_FOLDER)/company/company.json),setup,company) ## Build on all four warehouses (or TARGETS=) side by side and prove that they hold the same rows
	@$(if $(STAND_INS),$(BIN)/python -m sandbox.during --home $(HOME_FOLDER) --services $(subst $(SPACE),$(COMMA),$(STAND_INS)) --) $(BIN)/python -m flows.pipeline --targets $(EVERYWHERE) --parity

parity-compare: setup ## Say what changed between two certificates (BEFORE= AFTER=, files below <home>/parity/certificates)
	@$(BIN)/python -m flows.parity compare "$(BEFORE)" "$(if $(AFTER),$(AFTER),$(HOME_FOLDER)/parity/certificate.json)"

verify: setup ## Try a warehouse of yours in a scratch schema: macros, build, parity, drop (TARGET=)
	@$(BIN)/python -m flows.verify --target "$(TARGET)"

macros: setup ## Prove the portable macros: the matrix macro x engine x passed (TARGET= for one warehouse)
	@$(BIN)/python -m tests.macros --home $(HOME_FOLDER) $(if $(TARGET),--target $(TARGET))

docs: setup ## Build the docs site from the last build
	@$(BIN)/python -m docs_site build --home $(HOME_FOLDER)

docs-serve: setup ## Open the docs site on http://127.0.0.1:8360 (PORT=)
	@$(BIN)/python -m docs_site serve --home $(HOME_FOLDER) --port $(PORT)

sandbox: setup $(AZURITE) ## Run the stand-ins of the clouds until Ctrl-C (SERVICES=bigquery,… PORTS=bigquery=9051,…)
	@$(BIN)/python -m sandbox up --home $(HOME_FOLDER) $(if $(SERVICES),--services $(SERVICES)) $(if $(PORTS),--ports $(PORTS))

sandbox-reset: setup ## Delete what the stand-ins keep (SERVICES=)
	@$(BIN)/python -m sandbox reset --home $(HOME_FOLDER) $(if $(SERVICES),--services $(SERVICES))

clouds: setup ## Run the whole multi-cloud day on the sandbox, which must be up (HOUSEHOLDS=, TARGETS=)
	@test -f $(HOME_FOLDER)/sandbox/environment || { echo "clouds: the sandbox is not up; run \`make sandbox\` in another terminal." >&2; exit 2; }
	set -a; . $(HOME_FOLDER)/sandbox/environment; set +a
	export CUSTOMER_360_HOME=$(abspath $(HOME_FOLDER))/clouds CUSTOMER_360_SCHEMA=clouds
	$(BIN)/python -m sandbox.company --out $$CUSTOMER_360_HOME/company --seed $(SEED) --households $(or $(HOUSEHOLDS),60)
	$(BIN)/python -m sandbox.company.delivery --company $$CUSTOMER_360_HOME/company --aws $$CUSTOMER_360_S3_ENDPOINT --azure $$CUSTOMER_360_AZURE_STORAGE_ENDPOINT
	$(BIN)/python -m flows.clouds --targets $(if $(filter file,$(origin TARGETS)),redshift$(COMMA)synapse$(COMMA)bigquery,$(TARGETS))

lint: setup ## Check Python, types and SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest -q tests/compile tests/architecture

format: setup ## Format the Python code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: setup ## Measure against named peers: dbt builds, stand-ins (ONLY=name,… HOUSEHOLDS=)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(HOUSEHOLDS),--households $(HOUSEHOLDS))

bench-identity: setup ## Measure connected components against scipy, Splink and a recursive CTE (EDGES=1000000,10000000)
	@$(BIN)/python -m benchmarks.identity --edges $(EDGES)

identity-quality: setup ## Print how good identity resolution is, on the simulated truth and on FEBRL's labelled records
	@$(BIN)/python -m benchmarks.identity_quality --home $(HOME_FOLDER)

bench-clouds: setup $(AZURITE) ## Measure copies between clouds against rclone, and events per second
	@$(BIN)/python -m benchmarks.clouds

lock: setup ## Renew requirements.lock from pyproject.toml
	@bash scripts/lock.sh

reset: ## Delete what the project wrote (lake, warehouse, site), keep the environment
	@rm -rf $(HOME_FOLDER) target logs

.PHONY: help setup company demo azurite prefect deploy worker test test-long parity parity-compare verify macros docs docs-serve sandbox sandbox-reset clouds lint format bench bench-identity bench-clouds identity-quality lock reset
