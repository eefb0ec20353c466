# The commands other work relies on. Everything needs only Python 3 and make; see docs/architecture.md.
PYTHON ?= python3
APP = .venv/bin/python
NLU = .venv-nlu/bin/python
PYBABEL = .venv/bin/pybabel
PEER_FLAG = $(if $(filter 1,$(PEER)),--peer)
SOURCES = bot bench console gazetteer scripts services_directory tests

.PHONY: run test check format train seed texts lock env env-app env-dev bench-understanding bench-places

run: env ## set up, train, seed and start everything; the preview is at http://localhost:8000/preview/
	@$(APP) -m scripts.run

test: env-dev train ## every test, on real parts
	$(APP) -m pytest

check: env-dev ## lint, format and types
	.venv/bin/ruff check $(SOURCES) nlu
	.venv/bin/ruff format --check $(SOURCES) nlu
	.venv/bin/mypy

format: env-dev
	.venv/bin/ruff check --fix $(SOURCES) nlu
	.venv/bin/ruff format $(SOURCES) nlu

train: env ## train the model if data, configuration or components changed
	@$(NLU) nlu/train.py

seed: env-app ## carry the directory's data files over into the database
	@$(APP) manage.py migrate --verbosity 0
	@$(APP) manage.py seed

texts: env-app ## collect new texts from the code into the three catalogues
	$(PYBABEL) -q extract -F locales/babel.cfg -k t -k tn:1,2 -k N_ --no-location --sort-output \
		--project Lotse -o locales/lotse.pot bot console/pages
	$(PYBABEL) -q update -i locales/lotse.pot -d locales -D lotse --no-fuzzy-matching --ignore-pot-creation-date

bench-understanding: env train
	@$(APP) -m bench.understanding $(MESSAGES) $(PEER_FLAG) $(if $(REPORT),--report $(REPORT))

bench-places: env-app
	@$(APP) -m bench.places $(CASES) $(PEER_FLAG)

env:
	@$(PYTHON) scripts/environments.py app nlu

env-app:
	@$(PYTHON) scripts/environments.py app

env-dev:
	@$(PYTHON) scripts/environments.py dev

lock: env-app ## pin the requirement files anew
	@$(APP) -m scripts.lock
