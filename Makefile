# make run | test | check | bench | soak | lock | clean          (README.md says what each is for)
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
HAICAP := $(PY) -m haicap
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
STAMPS := .make
export HAICAP_DATA_DIR ?= $(CURDIR)/data
# What is done to the data is remembered beside the data: a new directory starts anew
DONE := $(HAICAP_DATA_DIR)/.steps

FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null) $(wildcard vite.config.* tsconfig.json)
CATALOGUES := $(wildcard haicap/*/locale/*/LC_MESSAGES/django.po)
MIGRATIONS := $(wildcard haicap/*/migrations/*.py)
UNITS := $(shell find haicap/units -type f \( -name '*.csv' -o -name '*.yaml' -o -name '*.json' -o -name 'register.py' \) 2>/dev/null)
PACK := $(wildcard packs/calendar/* packs/dak-lak/* packs/published/*)
say = @printf '\n\033[1m▸ %s\033[0m\n' $(1)

.PHONY: run test check bench soak lock clean assets translations tools
.DEFAULT_GOAL := run

run: export HAICAP_DEMO := 1
run: $(STAMPS)/base $(STAMPS)/assets $(STAMPS)/translations $(DONE)/demo
	@exec $(HAICAP) serve --port $(PORT)

test: tools assets translations
	@scripts/packages.sh
	@$(PY) scripts/run_tests.py $(ARGS)

check: tools assets translations
	@scripts/check.sh

bench: tools assets translations
	@$(PY) -m tests.bench $(BENCH)

soak: tools assets translations
	@scripts/packages.sh
	@$(PY) -m pytest -q -m soak tests $(ARGS)

tools: $(STAMPS)/dev
assets: $(STAMPS)/assets
translations: $(STAMPS)/translations

$(STAMPS):
	@mkdir -p $@

$(STAMPS)/python: | $(STAMPS)
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Haicap needs Python 3.11 or newer; this is %d.%d. Name another one: make run PYTHON=python3.12" % v[:2])'
	$(call say,'Python environment in $(VENV)')
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo 'Python cannot make environments here (Debian: apt-get install python3-venv).' >&2; exit 1; }
	@touch $@

$(STAMPS)/base: requirements/base.txt $(STAMPS)/python
	$(call say,'Python packages')
	@$(PIP) -r requirements/base.txt
	@printf '#!%s\nimport sys\n\nsys.path.insert(0, "%s")\nfrom haicap.config.cli import main\n\nsys.exit(main())\n' '$(CURDIR)/$(PY)' '$(CURDIR)' > $(VENV)/bin/haicap && chmod +x $(VENV)/bin/haicap
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	$(call say,'Python packages of the tests')
	@$(PIP) -r requirements/dev.txt
	@touch $@

$(STAMPS)/npm: package-lock.json package.json $(STAMPS)/base
	$(call say,'Packages of the pages')
	@node=$$(scripts/node.sh $(VENV)) && PATH="$$node:$$PATH" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/assets: $(STAMPS)/npm $(FRONTEND)
	$(call say,'Styles and scripts')
	@node=$$(scripts/node.sh $(VENV)) && PATH="$$node:$$PATH" npm run --silent build -- --logLevel warn
	@$(PY) -m whitenoise.compress --quiet haicap/ui/static/ui/build
	@touch $@

$(STAMPS)/translations: $(CATALOGUES) $(STAMPS)/base
	$(call say,'Translations')
	@$(PY) -m haicap.config.translations compile
	@touch $@

$(DONE)/upgrade: $(MIGRATIONS) $(STAMPS)/base $(STAMPS)/translations
	$(call say,'Database')
	@mkdir -p $(DONE)
	@$(HAICAP) upgrade
	@touch $@

$(DONE)/units: $(UNITS) $(DONE)/upgrade
	$(call say,'34 provinces and 3321 communes')
	@$(HAICAP) load units
	@touch $@

$(DONE)/pack: $(PACK) $(DONE)/units
	$(call say,'Indicators and forms of Đắk Lắk')
	@for pack in calendar dak-lak published; do $(HAICAP) load pack packs/$$pack; done
	@touch $@

# Made once: the demo is never laid over what people have typed into it since
$(DONE)/demo: | $(DONE)/pack
	$(call say,'Demo data')
	@$(HAICAP) demo
	@touch $@

# Hashes of every platform, names of no registry; a local cache of wheels would add hashes of its own
lock: tools
	@for kind in base postgres scale dev node; do \
	  env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL PIP_CONFIG_FILE=/dev/null $(CURDIR)/$(VENV)/bin/pip-compile \
	    --quiet --generate-hashes --strip-extras --no-annotate --no-header --allow-unsafe --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host $(LOCK) --output-file requirements/$$kind.txt requirements/$$kind.in; \
	done

# The data directory stays: nothing that a person typed is removed by a make target
clean:
	rm -rf $(STAMPS) node_modules haicap/ui/static/ui/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find haicap -name '*.mo' -delete
