# Every target sets up what it needs, once, in .venv; constraints.txt pins what is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
export HF_HUB_OFFLINE ?= 1

.PHONY: help demo test test-all check train train-screen evaluate evaluate-screen evaluate-evasion rivals data-check benchmark clean
help:
	@echo "make demo        install the core (no torch) and compare the example articles"
	@echo "make test        install everything and run the tests"
	@echo "make test-all    the tests and the slow ones (a browser; needs chromium)"
	@echo "make check       ruff and mypy"
	@echo "make train       retrain models/default from data/ (under 10 minutes on two cores)"
	@echo "make evaluate    measure the shipped model; CORPORA=folder adds pair files of your own"
	@echo "make train-screen, make evaluate-screen   the same for screening (texts without an original)"
	@echo "make evaluate-evasion   what it costs to disguise a copy; CORPORA=folder as above"
	@echo "make rivals      install other people's tools, apart, for make evaluate to compare with"
	@echo "make data-check  validate the stories and print their composition"
	@echo "make benchmark   pairs, and texts without an original, a second"

$(VENV)/.core: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the core into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.all: $(VENV)/.core
	@echo "installing the extras into $(VENV) (torch among them: some minutes) ..."
	@$(PIP) torch
	@$(PIP) -e '.[documents,report,screen,train,dev]'
	@touch $@

build/lexicon/wordnet/data.noun: $(VENV)/.all
	@$(BIN)/python scripts/fetch_lexicon.py

demo: $(VENV)/.core
	@$(BIN)/python scripts/demo.py

test: $(VENV)/.all
	@$(BIN)/python -m pytest --ignore=tests/slow

$(VENV)/.browser: $(VENV)/.all
	@$(PIP) -e '.[browser]'
	@touch $@

test-all: $(VENV)/.browser
	@$(BIN)/python -m pytest tests

check: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/train.py

data-check: $(VENV)/.all
	@$(BIN)/python scripts/check_data.py

train-screen: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/train_screen.py $(if $(CORPORA),--corpora $(CORPORA))

evaluate-screen: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate_screen.py $(if $(CORPORA),--corpora $(CORPORA))

evaluate-evasion: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate_evasion.py $(if $(CORPORA),--corpora $(CORPORA))

evaluate: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate.py --evidence $(if $(CORPORA),--corpora $(CORPORA))

.venv-rivals/bin/python: scripts/rivals/requirements.txt
	@test -x $@ || $(PYTHON) -m venv .venv-rivals
	@$@ -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

rivals: .venv-rivals/bin/python

benchmark: $(VENV)/.all
	@$(BIN)/python scripts/benchmark.py compare
	@$(BIN)/python scripts/benchmark.py screen

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
