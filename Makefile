# Chiffrier. `make help` lists what can be done; `make run` and `make test` need nothing done before.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/.ready
PEERS  := benchmarks/.peers

# Files and folders for `make run`; none means the demo corpus.
PATHS ?=
# Files and folders for `make bench`; none means the demo corpus among ordinary prose.
TEXTS ?=
# How many documents `make bench` fills a store with, three times over; a hundred thousand take an hour and more.
DOCUMENTS ?= 5000
# More arguments for pytest, as in: make test PYTEST_FLAGS="-x -n 2"
PYTEST_FLAGS ?=
# More arguments for the resolver, as in: make lock LOCK_FLAGS=--upgrade
LOCK_FLAGS ?=

# How long `make fuzz` runs.
FUZZ_SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help run env test lint format types browser data diff coverage mutate scores bench peers peerlock scale adversarial fuzz audit lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## serve the dashboard of the demo corpus, or of PATHS="folder file …"
	@$(VENV)/bin/chiffrier serve $(PATHS)

env: $(READY) ## make the virtual environment, as every target does that needs it

# The environment is made again when what it is made from has changed.
# A first try without Debian's venv module leaves half of one behind, hence the look for pip, and --clear.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Chiffrier needs Python 3.11 or later; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(VENV)/bin/pip || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the dependencies into $(VENV): about a minute, and only when they change"
	@$(PY) -m pip install --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
	@$(PY) -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet --editable .
	@touch $@

test: $(READY) browser lint types ## check everything: style, types, tests, examples, notebook, browser
	$(PY) -m pytest $(PYTEST_FLAGS)

lint: $(READY) ## check the style
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: $(READY) ## mend the style where a tool can
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

types: $(READY) ## check the types
	$(VENV)/bin/mypy

# dpkg wants the sbin folders on the PATH.
browser: ## install Chromium for the browser tests, where it is missing and we may
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  export DEBIAN_FRONTEND=noninteractive PATH="$$PATH:/usr/sbin:/sbin"; \
	  echo "Installing Chromium for the browser tests"; \
	  apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-liberation; \
	else \
	  echo "The browser tests will be skipped: they need Chromium; on Debian: sudo apt-get install chromium" >&2; \
	fi

data: $(READY) ## build data/figures.csv, data/facts.csv and data/datapackage.json again
	$(PY) data/build.py

# The last release is the last tag; before there is one, the last commit.
diff: $(READY) ## say what the rules change in the tables of the last release, or of the last commit
	@base=$$(git describe --tags --abbrev=0 2>/dev/null || echo HEAD); \
	folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	git show "$$base:data/figures.csv" >"$$folder/old.csv" && \
	(cd data && "$(CURDIR)/$(VENV)/bin/chiffrier" extract corpus -o "$$folder/new.csv") && \
	echo "From the tables of $$base to those of the rules as they are:" && \
	{ $(VENV)/bin/chiffrier diff "$$folder/old.csv" "$$folder/new.csv" || test $$? = 1; }

# What is killed or interrupted tells nothing of itself. Whether a test fails is asked by `make test`; slow as they are here,
# those that look at a clock may.
coverage: $(READY) ## measure which branches of etl the tests take: fewer than 95 % are a failure
	$(PY) -m coverage erase
	-$(PY) -m coverage run -m pytest tests etl -m "not browser" -k "not random_moments and not interrupt" $(PYTEST_FLAGS)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report
	@$(PY) -m coverage json --quiet -o - | $(PY) -c 'import json, sys; \
	  taken = json.load(sys.stdin)["totals"]["percent_branches_covered"]; \
	  print(f"{taken:.1f} % of the branches of etl are taken"); sys.exit(taken < 95)'

# mutmut copies the tree into mutants/, changes the copy, and goes on where it stopped.
mutate: $(READY) ## change numerals.py and quantities.py in every small way: which changes no test notices
	nice $(VENV)/bin/mutmut run
	$(VENV)/bin/mutmut results

pictures: $(READY) browser ## take the pictures of the dashboard into data/pictures
	$(PY) data/pictures.py

scores: $(READY) ## score the rules against the gold, into benchmarks/README.md
	CHIFFRIER_SHARED="$${CHIFFRIER_SHARED:-../shared}" $(PY) benchmarks/scores.py

bench: $(READY) ## measure speed, beside other tools, and scale, into benchmarks/README.md; or on TEXTS="folder …"
	@$(MAKE) --no-print-directory peers || echo "Measuring without the tools that could not be installed" >&2
	$(PY) -m benchmarks $(TEXTS)
	$(PY) -m benchmarks.facts
	$(PY) -m benchmarks.archive $(TEXTS)
	$(PY) -m benchmarks.scale --documents $(DOCUMENTS) $(TEXTS)
	$(PY) -m benchmarks.dashboard
	$(PY) -m benchmarks.adversarial

peers: $(PEERS)/.ready ## install the other tools that are measured, in an environment of their own

# They need Python 3.11 to 3.13, for which they have been built, and Node.js.
$(PEERS)/.ready: benchmarks/peers/requirements.lock benchmarks/peers/package-lock.json
	@echo "Installing the other tools into $(PEERS): about a minute, and only when they change"
	@mkdir -p $(PEERS)/js
	@$(PYTHON) -m venv --clear $(PEERS)/python
	@$(PEERS)/python/bin/pip install --disable-pip-version-check --quiet \
	  --only-binary :all: --no-binary docopt -r benchmarks/peers/requirements.lock || { rm -rf $(PEERS)/python; exit 1; }
	@cp benchmarks/peers/package.json benchmarks/peers/package-lock.json $(PEERS)/js
	@if command -v npm >/dev/null; then cd $(PEERS)/js && npm ci --no-audit --no-fund --silent; \
	else echo "npm is missing, and so will be the tools in JavaScript; on Debian: apt-get install npm" >&2; fi
	@touch $@

# The versions of the other tools are the benchmark's, never the program's.
peerlock: $(READY) ## resolve the other tools again into benchmarks/peers
	$(VENV)/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make peerlock" \
	  --output-file benchmarks/peers/requirements.lock $(LOCK_FLAGS) benchmarks/peers/requirements.in
	cd benchmarks/peers && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	@! grep -rn '://' benchmarks/peers || { echo "a lock must name no address" >&2; exit 1; }

scale: $(READY) ## measure the scale with a hundred thousand documents: an hour and more
	$(PY) -m benchmarks.scale $(TEXTS)

adversarial: $(READY) ## measure inputs made to be slow, at doubling lengths
	$(PY) -m benchmarks.adversarial

fuzz: $(READY) ## feed broken files and odd texts to everything that reads, for FUZZ_SECONDS
	$(PY) tests/fuzz.py $(FUZZ_SECONDS)

# What the service does not know is an error: else a network without one would find every dependency without a fault.
audit: $(READY) ## look the dependencies up among known vulnerabilities, where the network allows
	$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

lock: $(READY) ## resolve the dependencies again into requirements.lock
	$(VENV)/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command "make lock" --output-file requirements.lock $(LOCK_FLAGS) pyproject.toml
	@! grep -n '://' requirements.lock || { echo "requirements.lock must name no address" >&2; exit 1; }

clean: ## remove the environment and all caches
	rm -rf $(VENV) $(PEERS) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
