# make demo and make test work on a fresh machine with git, make and Python 3.11.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
FUZZ_TARGETS := $(filter-out __init__ harness mutators test_targets test_properties,$(basename $(notdir $(wildcard tests/fuzz/*.py))))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-dev demo test fuzz check fix docs verifier lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: .venv/runtime ## only the environment, .venv/bin/hocba in it
setup-dev: .venv/dev ## the environment of developers

demo: .venv/runtime ## the whole chain on the sample school, then all sides serve
	@$(BIN)/hocba demo

test: .venv/dev ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadgroup

fuzz: .venv/dev ## libFuzzer hunts for what breaks a parser; TARGET=name for one of them, FOR=seconds for each
	@for target in $(or $(TARGET),$(FUZZ_TARGETS)); do \
		echo "== $$target"; \
		nice -n 19 $(BIN)/python -W ignore -m tests.fuzz.$$target -max_total_time=$(or $(FOR),60) -verbosity=0 \
			-artifact_prefix=$(or $(TMPDIR),/tmp)/$$target- || exit 1; \
	done

check: .venv/dev ## format, lint, types, imports, migrations and site checks, generated docs
	$(BIN)/ruff format --check src agent tests tools benchmarks
	$(BIN)/ruff check src agent tests tools benchmarks
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --config .importlinter
	$(BIN)/python -m tools.check_sites
	$(BIN)/python -m tools.generate_docs --check

fix: .venv/dev ## format and mend what can be mended
	$(BIN)/ruff format src agent tests tools benchmarks
	$(BIN)/ruff check --fix src agent tests tools benchmarks

docs: .venv/dev ## write the generated docs
	$(BIN)/python -m tools.generate_docs

verifier: .venv/runtime ## dist/hocba-verify.pyz, the offline verifier in one file, for this Python and machine
	$(BIN)/python -m tools.verifier.build dist/hocba-verify.pyz

lock: .venv/dev ## pin what pyproject.toml asks for
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --group build -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt

clean: ## forget the demo's state and the environment
	rm -rf .hocba .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cần Python 3.11 trở lên (PYTHON=/đường/dẫn/python3.11 make …)."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/bin/uv: .venv/bin/python requirements/uv.txt
	$(BIN)/python -m pip install -q --require-hashes -r requirements/uv.txt
	@touch $@

# uv is quick; pip does the same where uv cannot (it reads the machine's pip settings).
define install
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) || \
		$(BIN)/python -m pip install -q --require-hashes -r $(1)
	$(call install_here,.)
endef

define install_here
	$(BIN)/uv pip install -q --offline --python $(BIN)/python --no-deps --no-build-isolation -e $(1) || \
		$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e $(1)
endef

.venv/runtime: .venv/bin/uv requirements/runtime.txt pyproject.toml
	$(call install,requirements/runtime.txt)
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt agent/pyproject.toml
	$(call install,requirements/dev.txt)
	$(call install_here,agent)
	@touch $@
