# make demo and make test need nothing but Python 3.10 or newer; everything else they install into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test proofs lint docs docs-check site benchmark clean

demo: $(VENV)/installed-base
	@echo "== restore-ready scan fixtures/stories/founding/main.tf"
	@$(BIN)/restore-ready scan fixtures/stories/founding/main.tf || test $$? -eq 1
	@echo
	@echo "== restore-ready scan fixtures/stories/corrected/main.tf"
	@$(BIN)/restore-ready scan fixtures/stories/corrected/main.tf
	@echo
	@echo "== restore-ready audit --from-snapshot fixtures/accounts/founding.jsonl --select RR3,RR6"
	@$(BIN)/restore-ready audit --from-snapshot fixtures/accounts/founding.jsonl --select RR3,RR6 || test $$? -eq 1

test: $(VENV)/installed-full
	$(BIN)/python -m pytest -n 2 -q

proofs: $(VENV)/installed-full
	$(BIN)/python -m pytest -n 2 -q -m slow

lint: $(VENV)/installed-full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/installed-base
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/make_requirements.py
	$(BIN)/python tools/make_permissions.py

docs-check: $(VENV)/installed-base
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/make_requirements.py --check
	$(BIN)/python tools/make_permissions.py --check

site: $(VENV)/installed-docs
	$(BIN)/python -m mkdocs build --strict

benchmark: $(VENV)/installed-full
	$(BIN)/python tests/benchmarks/compare.py
	$(BIN)/python tests/benchmarks/live.py

clean:
	rm -rf $(VENV) build dist site rules/*.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed-base: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-full: pyproject.toml tests/constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint tests/constraints.txt \
	  --editable '.[checkov,cfn-lint,distributed,test,lint]'
	@touch $@ $(VENV)/installed-base

$(VENV)/installed-docs: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@ $(VENV)/installed-base
