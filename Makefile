# `make` alone lists the targets. Needs: Debian (or alike), Python 3.11 or later, git, make.

# Set on the command line: make run PORT=8080, make run AT=2026-11-23T09:20
HOST   = 127.0.0.1
PORT ?= 8000
AT     =
PYTHON = python3

UV_VERSION := 0.13.9

SHELL       := /bin/sh
.SHELLFLAGS := -euc
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# uv uses the machine's Python and this folder's .venv, whatever the caller's shell has set
unexport VIRTUAL_ENV UV_PYTHON PYTHONHOME PYTHONPATH
export UV_PYTHON_DOWNLOADS   := never
export UV_PYTHON_PREFERENCE  := only-system
export UV_PROJECT_ENVIRONMENT := .venv

export HOST PORT
ifneq ($(strip $(AT)),)
export ACCUEIL_NOW := $(strip $(AT))
endif

BIN     := .venv/bin
TOOLS   := .tools/uv-$(UV_VERSION)
RUNTIME := .venv/.runtime-synced
DEV     := .venv/.dev-synced

DOMAINS := visitor messages
PO      := $(sort $(wildcard $(foreach d,$(DOMAINS),translations/*/LC_MESSAGES/$(d).po)))
MO      := $(PO:.po=.mo)

# $(call debian,PACKAGES): installs them when root, else names the one command to run, and stops
define debian
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing" $(1); \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq; \
	apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
else \
	echo "This machine lacks some packages. Run this, then make again:" >&2; \
	echo "  sudo apt-get install -y" $(1) >&2; \
	exit 1; \
fi
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make run PORT=8080 HOST=0.0.0.0       another address"
	@echo "  make run AT=2026-11-23T09:20          start at another time"

# ---- setting up ------------------------------------------------------------------------------

$(TOOLS):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed ($(PYTHON) is not): make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	}
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call debian,python3-venv); }
	@echo "Setting up uv $(UV_VERSION)"
	@rm -rf .tools
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

SYNC = .tools/bin/uv sync --locked --quiet \
	--python "$$($(PYTHON) -c 'import sys; print(sys._base_executable)')"

$(RUNTIME): uv.lock pyproject.toml $(TOOLS)
	@echo "Installing what the server needs"
	@$(SYNC) --no-dev --inexact
	@touch $@

$(DEV): uv.lock pyproject.toml $(TOOLS)
	@echo "Installing what the server and its tests need"
	@$(SYNC)
	@touch $(RUNTIME) $@

.PHONY: machine
machine:
	@set --; \
	command -v chromium >/dev/null || set -- "$$@" chromium; \
	command -v espeak-ng >/dev/null || set -- "$$@" espeak-ng; \
	ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf >/dev/null 2>&1 \
		|| set -- "$$@" fonts-noto-core; \
	if [ $$# -gt 0 ]; then $(call debian,"$$@"); fi

# ---- the server ------------------------------------------------------------------------------

define FREE_PORT
import errno, socket, sys

host, port = sys.argv[1:]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
try:
    socket.create_server((host, int(port)), family=family).close()
except OSError as error:
    taken = error.errno == errno.EADDRINUSE
    hint = f"port {port} is taken: make run PORT={int(port) + 1}" if taken else error
    sys.exit(f"Cannot listen on {host}: {hint}")
endef
export FREE_PORT

.PHONY: run
run: $(RUNTIME) $(MO) ## set everything up and serve the demonstration house
	@$(BIN)/python -c "$$FREE_PORT" "$(HOST)" "$(PORT)"
	@$(BIN)/flask demo
	@exec env $$(grep -v '^#' server.env) $(BIN)/granian --host $(HOST) --port $(PORT) app:serve

# ---- checks ----------------------------------------------------------------------------------

.PHONY: test
test: $(DEV) machine lint types complete $(MO) ## everything: style, types, catalogues, all the tests
	@$(BIN)/pytest -n 2 --dist worksteal

.PHONY: unit
unit: $(DEV) $(MO) ## the quick tests, with no browser and no other process
	@$(BIN)/pytest -n 2 --dist worksteal --ignore=tests/browser --ignore=tests/processes

.PHONY: lint
lint: $(DEV) ## style and common faults
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Not in the common format: make format" >&2; exit 1; }

.PHONY: format
format: $(DEV) ## put the code in the common format
	@$(BIN)/ruff check --quiet --fix --exit-zero .
	@$(BIN)/ruff format --quiet .

.PHONY: types
types: $(DEV) ## types, strictly
	@$(BIN)/mypy --no-error-summary

.PHONY: bench
bench: $(DEV) machine $(MO) ## measure the server
	@$(BIN)/python -m benchmarks

# ---- languages -------------------------------------------------------------------------------

.PHONY: catalogues
catalogues: $(MO) ## compile the message catalogues

translations/%.mo: translations/%.po | $(RUNTIME)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# $(call extract,DOMAIN,FOLDER)
extract = $(BIN)/pybabel --quiet extract --mapping-file translations/$(1).cfg --no-location \
	--keyword in_every_language \
	--project accueil-commun --output-file $(2)/$(1).pot .
# $(call update,DOMAIN,FOLDER,OPTION)
update = $(BIN)/pybabel --quiet update --domain $(1) --input-file $(2)/$(1).pot \
	--output-dir translations --no-fuzzy-matching --ignore-pot-creation-date $(3)

.PHONY: translate
translate: $(RUNTIME) ## bring the catalogues up to date with the code
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(foreach d,$(DOMAINS),$(call extract,$(d),"$$folder"); $(call update,$(d),"$$folder",);)

.PHONY: complete
complete: $(RUNTIME) ## check that every message of the code is in every catalogue
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(foreach d,$(DOMAINS),$(if $(filter %/$(d).po,$(PO)),\
		$(call extract,$(d),"$$folder"); \
		$(call update,$(d),"$$folder",--check) 2>"$$folder/log" || { \
			tail -n 1 "$$folder/log" >&2; \
			echo "The catalogues of '$(d)' are behind the code: make translate" >&2; exit 1; };)) \
	true

# ---- data ------------------------------------------------------------------------------------

define HOLIDAYS
import datetime, pathlib
from holidays import country_holidays

THIS = datetime.date.today().year
TWENTY, FIVE = range(THIS - 1, THIS + 20), range(THIS - 1, THIS + 4)

def days(years, **where):
    return dict(sorted(country_holidays("FR", years=years, language="fr", **where).items()))

def by_year(days):
    for year in TWENTY:
        yield f"[{year}]"
        yield from (f'{day:%m-%d} = "{name}"' for day, name in days.items() if day.year == year)
        yield ""

def spans(days):
    found = []
    for day, name in days.items():
        name = name.replace("'", "’")
        if found and found[-1][2] == name and day - found[-1][1] == datetime.timedelta(days=1):
            found[-1][1] = day
        else:
            found.append([day, day, name])
    return [span for span in found if span[0].year in FIVE]

def school():
    for zone in "ABC":
        yield f"[{zone}]"
        around = range(FIVE[0] - 1, FIVE[-1] + 2)
        zone_days = days(around, subdiv=f"Zone {zone}", categories="school")
        for first, last, name in spans(zone_days):
            yield f'{first} = {{ last = {last}, reason = "{name}" }}'
        yield ""

def write(name, about, lines):
    made = "Made by `make holidays`, and held against the holidays package by the tests."
    text = "\n".join([*(f"# {line}" for line in (*about, made)), "", *lines]).rstrip()
    pathlib.Path("accueil/planning", name).write_text(f"{text}\n", encoding="utf-8")

public = days(TWENTY)
moselle = {day: name for day, name in days(TWENTY, subdiv="57").items() if day not in public}
write("public_holidays.toml", [
    "The public holidays of metropolitan France (Code du travail, L3133-1), with their French names.",
], by_year(public))
write("alsace_moselle.toml", [
    "The public holidays that Moselle, Bas-Rhin and Haut-Rhin have besides (Code du travail, L3134-13).",
], by_year(moselle))
write("school_holidays.toml", [
    "The school holidays of zones A, B and C: the first day and the last, both without school.",
    "Sources differ by a day, and the last years are supposed: people confirm what they keep.",
], school())
endef
export HOLIDAYS

.PHONY: holidays
holidays: $(DEV) ## make the public holidays of the next twenty years, and the school holidays
	@$(BIN)/python -c "$$HOLIDAYS"

# Their package of another year: its version, the hash of what `npm pack` brings, then make communes.
COMMUNES_VERSION := 6.0.0
COMMUNES_SHA256  := c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a

define COMMUNES
import hashlib, json, pathlib, sys, tarfile
from accueil.store.folding import fold

PACKAGE, HERE = pathlib.Path(sys.argv[1]), pathlib.Path("accueil/house")
TODAY, BEFORE = {"commune-actuelle", "arrondissement-municipal"}, {"commune-deleguee", "commune-associee"}
COLUMNS = "name", "insee", "region", "epci and ept", "postcodes", "within", "former names", "former codes"

def read(name):
    with tarfile.open(PACKAGE) as package:
        return json.load(package.extractfile(f"package/data/{name}.json"))

def size(each):
    return each.get("population", 0).bit_length()

def former_names(each):
    names = {name for name in before.get(each["code"], []) if fold(name) != fold(each["nom"])}
    return ";".join(sorted(names))

def line(each):
    within = each.get("commune", "")
    fields = (
        each["nom"], each["code"], each["region"], " ".join(groups.get(within or each["code"], [])),
        " ".join(sorted(each.get("codesPostaux", []))), within,
        former_names(each), " ".join(sorted(each.get("anciensCodes", []))),
    )
    return "\t".join(fields).rstrip("\t")

found = read("communes")
before, groups = {}, {}
for group in read("epci") + read("ept"):
    for member in group["membres"]:
        groups.setdefault(member["code"], []).append(group["code"])
for each in found:
    if each["type"] in BEFORE:
        before.setdefault(each["chefLieu"], []).append(each["nom"])
lines = [
    "# The communes of France, and the arrondissements of Paris, Lyon and Marseille: the biggest first,",
    "# by powers of two of their inhabitants, then by code. Empty columns are left out at the end.",
    f"# Made by `make communes` of {PACKAGE.name}; its licences are in communes.LICENSE.txt.",
    "\t".join(COLUMNS),
    *map(line, sorted(
        (each for each in found if each["type"] in TODAY), key=lambda each: (-size(each), each["code"])
    )),
]
(HERE / "communes.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
kept = PACKAGE, HERE / "communes.LICENSE.txt", HERE / "communes.tsv"
sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in kept)
(HERE / "communes.SHA256SUMS").write_text("".join(sums), encoding="ascii")
endef
export COMMUNES

.PHONY: communes
communes: $(DEV) ## make the list of the communes of France anew (needs npm and a network)
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	npm pack --silent --pack-destination "$$folder" \
		@etalab/decoupage-administratif@$(COMMUNES_VERSION) >/dev/null; \
	echo "$(COMMUNES_SHA256)  $$(echo "$$folder"/*.tgz)" | sha256sum --check --quiet; \
	$(BIN)/python -c "$$COMMUNES" "$$folder"/*.tgz

# ---- fonts -----------------------------------------------------------------------------------

# Chinese whole is 2.3 MB: what visitors read of it is cut out, and the languages' own names too.
NOTO_SC_VERSION := 5.3.0
NOTO_SC_SHA256  := 05a7abac78a6cac4bd1361e7b24c680ee820fcc2f22cf5cc92673f4cd12771c5
CUT := $(CURDIR)/.tools/bin/uv run --quiet --no-project --python "$(CURDIR)/$(BIN)/python" \
	--with fonttools==4.68.0 --with brotli==1.2.1 \
	pyftsubset --flavor=woff2 --name-IDs='*'

define CHARACTERS
import pathlib, tomllib
from babel import Locale
from babel.messages.pofile import read_po
from blueprints.words import LANGUAGES

VENDOR, CATALOGUE = pathlib.Path("static/vendor"), pathlib.Path("translations/zh/LC_MESSAGES/visitor.po")

def write(name, text):
    found = "".join(sorted({each for each in text if each > "\u02ff" and not "\u2000" <= each < "\u2e80"}))
    (VENDOR / f"{name}.characters.txt").write_text(found + "\n", encoding="utf-8")

def words(found):
    """Every text of a nested table of the locale."""
    if hasattr(found, "values"):
        return "".join(map(words, found.values()))
    return str(getattr(found, "pattern", found))

locale = Locale("zh")
tables = locale.days, locale.months, locale.date_formats, locale.list_patterns
services = tomllib.loads(pathlib.Path("data/chevilly-larue/partners.toml").read_text())["service"]
house = "".join(each.get(field, {}).get("zh", "") for each in services for field in ("about", "condition"))
with CATALOGUE.open("rb") as file:
    said = (str(message.string) for message in read_po(file, locale="zh") if message.id)
    write("noto-sans-sc", house + "".join(said) + "".join(map(words, tables)))
write("names", "".join(LANGUAGES.values()))
endef
export CHARACTERS

.PHONY: fonts
fonts: $(DEV) ## cut the Chinese font anew for what the catalogue says (needs npm and a network)
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	npm pack --silent --pack-destination "$$folder" @fontsource/noto-sans-sc@$(NOTO_SC_VERSION) >/dev/null; \
	echo "$(NOTO_SC_SHA256)  $$(echo "$$folder"/*.tgz)" | sha256sum --check --quiet; \
	tar -xzf "$$folder"/*.tgz -C "$$folder"; \
	$(BIN)/python -c "$$CHARACTERS"; \
	sc="$$folder/package/files/noto-sans-sc-chinese-simplified"; \
	cd static/vendor; \
	cp "$$folder/package/LICENSE" noto-sans-sc.LICENSE.txt; \
	cut() { $(CUT) "$$1" --text-file="$$2.characters.txt" --output-file="$$3.woff2"; }; \
	cut "$$sc-400-normal.woff2" noto-sans-sc noto-sans-sc-catalogue-400-normal; \
	cut "$$sc-600-normal.woff2" noto-sans-sc noto-sans-sc-catalogue-600-normal; \
	cut "$$sc-600-normal.woff2" names names-chinese-600-normal; \
	cut noto-sans-arabic-arabic-wght-normal.woff2 names names-arabic-wght-normal; \
	cut noto-sans-bengali-bengali-wght-normal.woff2 names names-bengali-wght-normal; \
	cut noto-sans-cyrillic-wght-normal.woff2 names names-cyrillic-wght-normal; \
	sha256sum *.js *.woff2 *.txt > SHA256SUMS

# ---- cleaning --------------------------------------------------------------------------------

.PHONY: clean
clean: ## remove what make made (the data in instance/ stays)
	@rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results benchmarks/out
	@rm -f translations/*/LC_MESSAGES/*.mo
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
