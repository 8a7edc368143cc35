# make demo and make test need nothing but Python 3.10 or newer; everything else they install into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LATEST := .venv-latest
SIMULATOR := tests/iam/differential/node_modules/.package-lock.json
PINS := tests/constraints.txt
FULL := .[checkov,cfn-lint,distributed,test,lint]

# Hundreds of processes start here: without bytecode on disk each would compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

# Pins hold for what builds this package too. pip before 25.3 takes those from PIP_CONSTRAINT, later ones from
# PIP_BUILD_CONSTRAINT, and neither from --constraint; a relative path has no spaces that pip would split at.
pip_install = PIP_CONSTRAINT=$(1) PIP_BUILD_CONSTRAINT=$(1) $(2)/bin/python -m pip install --quiet \
  --disable-pip-version-check

.DELETE_ON_ERROR:
.PHONY: demo test test-thorough test-latest proofs fuzz simulator lint lock docs docs-check site benchmark clean

demo: $(VENV)/installed-base
	@echo "== restore-ready scan fixtures/stories/founding/main.tf"
	@$(BIN)/restore-ready scan fixtures/stories/founding/main.tf || test $$? -eq 1
	@echo
	@echo "== restore-ready scan fixtures/stories/corrected/main.tf"
	@$(BIN)/restore-ready scan fixtures/stories/corrected/main.tf
	@echo
	@echo "== restore-ready audit --from-snapshot rules/restore_ready/cli/demo-account.jsonl --select RR3,RR6"
	@$(BIN)/restore-ready audit --from-snapshot rules/restore_ready/cli/demo-account.jsonl --select RR3,RR6 || test $$? -eq 1

test: $(VENV)/installed-full
	$(BIN)/python -m pytest -n 2 -q -m "not slow and not thorough"

# The rest of what a change must pass: the hosts over every story, deployed accounts, hostile input. CI runs both.
test-thorough: $(VENV)/installed-full
	$(BIN)/python -m pytest -n 2 -q -m "thorough and not slow"

# The newest of all that pyproject.toml allows. uv finds them: pip alone searches for half an hour, since Checkov pins
# boto3 exactly.
test-latest: $(VENV)/installed-lock | $(LATEST)/bin/python
	$(BIN)/python tools/make_constraints.py --upgrade --output $(LATEST)/constraints.txt
	$(call pip_install,$(LATEST)/constraints.txt,$(LATEST)) --editable '$(FULL)'
	$(LATEST)/bin/python -m pytest -n 2 -q --ignore tests/architecture/test_constraints.py

proofs: $(VENV)/installed-full $(if $(shell command -v npm),simulator)
	$(BIN)/python -m pytest -n 2 -q -m slow
	$(MAKE) fuzz EXAMPLES=2000

# Stacks made up at random, other ones in each run: every property is tried on so many.
EXAMPLES ?= 20000
fuzz: $(VENV)/installed-full
	FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 -q tests/fuzz

# An independent IAM simulator to compare with; it runs beside the tests only, and nothing of it is shipped.
simulator: $(SIMULATOR)

lint: $(VENV)/installed-full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(VENV)/installed-lock
	$(BIN)/python tools/make_constraints.py $(if $(UPGRADE),--upgrade)

docs: $(VENV)/installed-base
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/make_requirements.py
	$(BIN)/python tools/make_permissions.py

docs-check: $(VENV)/installed-base
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/make_requirements.py --check
	$(BIN)/python tools/make_permissions.py --check

site: $(VENV)/installed-docs
	$(BIN)/python tools/make_constraints.py --check
	$(BIN)/python -m zensical build --strict --clean

benchmark: $(VENV)/installed-full
	$(BIN)/python tests/benchmarks/compare.py
	$(BIN)/python tests/benchmarks/live.py

clean:
	rm -rf $(VENV) $(LATEST) .cache build dist site rules/*.egg-info $(dir $(SIMULATOR))

$(VENV)/bin/python $(LATEST)/bin/python:
	$(PYTHON) -m venv $(@D:/bin=)

$(VENV)/installed-base: pyproject.toml $(PINS) | $(VENV)/bin/python
	$(call pip_install,$(PINS),$(VENV)) --editable .
	@touch $@

$(VENV)/installed-full: pyproject.toml $(PINS) | $(VENV)/bin/python
	$(call pip_install,$(PINS),$(VENV)) --editable '$(FULL)'
	@touch $@ $(VENV)/installed-base

$(VENV)/installed-docs: pyproject.toml tools/requirements.txt $(PINS) | $(VENV)/bin/python
	$(call pip_install,$(PINS),$(VENV)) --editable '.[docs]' --requirement tools/requirements.txt
	@touch $@ $(VENV)/installed-base

# Without this package, so that pins which it has outgrown are no obstacle to new ones.
$(VENV)/installed-lock: tools/requirements.txt $(PINS) | $(VENV)/bin/python
	$(call pip_install,$(PINS),$(VENV)) --requirement tools/requirements.txt
	@touch $@

$(SIMULATOR): tests/iam/differential/package-lock.json
	cd tests/iam/differential && npm ci --silent
	@touch $@
