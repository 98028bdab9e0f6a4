# Everything a newcomer needs. `make` alone prints this list.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DLT_STAMP := .venv-dlt/.installed
SQL_STAMP := $(VENV)/.linted
SQL_RULES := $(STAMP) .sqlfluff $(wildcard dbt_project/lint/*.sql dbt_project/macros/platforms/*.sql)
SQL_MODELS := $(shell find dbt_project/models -name '*.sql')
UV_SYNC := $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
LOCK_CLIENT := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock-clients" --output-file tests/clients
COMPILED := orchestration.definitions, orchestration.dbt, connectors.sandbox.server, dbt.cli.main, dbt.adapters.duckdb, \
	dagster_webserver.app, dagster._daemon.cli
export TRIBUTARY_HOME ?= $(CURDIR)/data
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
# Containers often forbid Python to keep what it compiles: each process would then compile our
# packages, dbt and Dagster again, and each of the tests' processes would rewrite all tests.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test test-all dev check check-python check-sql format columns docs new-platform bench crash lock lock-clients clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@# Behind a proxy with a certificate of its own only the system's certificates are right.
	@$(UV_SYNC) 2>/dev/null || $(UV_SYNC) --system-certs
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "import $(COMPILED)"
	@touch $@

run: $(STAMP) ## sandbox, pipeline, published DuckDB file and a summary, from nothing
	@$(BIN)/tributary demo

test: $(STAMP) ## the suite of daily work: format, lint, types, import contracts, SQL style, tests
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

test-all: $(STAMP) ## `make test` and what takes minutes: the whole demo, kills, long histories, clients
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest --long

dev: $(STAMP) ## the Dagster UI with schedules and sensors running
	@$(BIN)/tributary dev

check: $(STAMP) ## the static half of `make test`
	@$(MAKE) --no-print-directory -j2 check-python check-sql

check-python: $(STAMP)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-sql: $(SQL_STAMP)

# What changed since the last lint that was green; all models when the rules did.
$(SQL_STAMP): $(SQL_RULES) $(SQL_MODELS)
	$(BIN)/sqlfluff lint --disable-progress-bar $(if $(filter $(SQL_RULES),$?),dbt_project/models,$?)
	@touch $@

format: $(STAMP) ## rewrite Python and SQL in the house style
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .
	$(BIN)/sqlfluff fix --processes 2 --disable-progress-bar dbt_project/models

columns: $(STAMP) ## write down which columns each model has (dbt_project/models/**/columns.lock)
	@$(BIN)/python -m orchestration.column_listing

docs: $(STAMP) ## one HTML page with all models, columns, lineage and metrics, by dbt
	@$(BIN)/tributary-dbt --quiet docs generate --static
	@echo "open $${TRIBUTARY_HOME:-data}/dbt/by_hand/static_index.html"

new-platform: $(STAMP) ## write a working platform to start from: make new-platform NAME=pinwall
	@$(BIN)/python -m orchestration.new_platform $(if $(NAME),$(NAME),--help)
	@# A longer name breaks lines elsewhere.
	@$(if $(NAME),$(BIN)/ruff format --quiet $(addsuffix /platforms/$(NAME),connectors connectors/sandbox tests/connectors))

bench: $(STAMP) $(DLT_STAMP) ## the figures of the README: throughput, refresh cost, start-up, readers
	$(BIN)/python -m benchmarks

$(DLT_STAMP): benchmarks/requirements-dlt.txt | $(STAMP) # dlt beside us, in an environment of its own
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-dlt
	$(BIN)/uv pip install --quiet --python .venv-dlt/bin/python -r benchmarks/requirements-dlt.txt
	@touch $@

crash: $(STAMP) ## the long crash test: 200 kills of pull, build and publish, 20 of whole runs
	$(BIN)/python -m pytest tests/end_to_end/test_crash.py --long --kills 200 --whole-run-kills 20

lock: $(STAMP) ## resolve pyproject.toml anew into requirements.lock (versions and hashes only)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

lock-clients: $(STAMP) ## resolve anew the packages of the published file's clients in tests/clients
	@for version in 1.0 1.1 1.2 1.3 1.4 1.5 2.0; do echo "duckdb==$$version.*" | $(LOCK_CLIENT)/duckdb-$$version.txt -; done
	@# Ibis asks DuckDB for what 2.0 no longer has, duckdb-engine SQLAlchemy for what 2.1 no longer has.
	@printf '%s\n' 'pandas>=3' polars 'ibis-framework[duckdb]' 'duckdb<2' | $(LOCK_CLIENT)/frames.txt -
	@printf '%s\n' 'sqlalchemy==2.0.*' duckdb-engine 'duckdb<2' | $(LOCK_CLIENT)/sqlalchemy.txt -
	@printf '%s\n' 'sqlalchemy<2' duckdb-engine 'duckdb==1.4.*' 'pandas>=3' pyarrow | $(LOCK_CLIENT)/superset.txt -

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) data dbt_project/target dbt_project/logs
