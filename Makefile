# make paper [RECORDINGS=folder]   rebuild the default study          make test   all tests
# make test-cluster · test-environments · test-faults · test-sameness · fuzz · coverage · mutants; killed and out of disk
# make check [STUDY=config/field.yaml]   look at all that a study is given, before it is built
# make audit · sbom   known vulnerabilities of the lock (network); its bill of materials
# make lint · bench · bench-notebook · bench-truth · bench-judge · bench-metric · bench-primer · bench-scale · bench-tracking · docs · ui · report · clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3.11
BIN := .venv/bin
CORES ?= all
RECORDINGS ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: audit coverage fuzz golden mutants sbom paper check test test-cluster test-faults test-sameness test-environments lint bench bench-choice bench-notebook bench-truth bench-judge bench-metric bench-primer bench-scale bench-tracking docs ui report clean recordings
.DEFAULT_GOAL := paper

# The pip lock makes the environment; a stamp renamed last, so that a broken install is made again.
.venv/default.stamp: envs/default.txt
	$(PYTHON) -c 'import sys; assert sys.version_info[:2] == (3, 11), "the lock is for Python 3.11"'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -q -r envs/default.txt
	touch $@

.venv/dev.stamp: .venv/default.stamp envs/dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q -r envs/dev.txt
	touch $@

.venv/check.stamp: .venv/default.stamp envs/check.txt
	$(PYTHON) -m venv .venv/check
	.venv/check/bin/python -m pip install --disable-pip-version-check -q -r envs/check.txt
	touch $@

# RECORDINGS=folder is remembered as a link, so that a later plain `snakemake` finds it, too.
recordings:
	@if [ -n "$(RECORDINGS)" ]; then \
	  folder=$$(cd "$(RECORDINGS)" && pwd) && mkdir -p resources && ln -sfn "$$folder" resources/audio; \
	fi

.venv/audit.stamp: .venv/default.stamp envs/audit.txt
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --disable-pip-version-check -q -r envs/audit.txt
	touch $@

paper: .venv/default.stamp recordings
	snakemake --cores $(CORES)

test: .venv/dev.stamp .venv/check.stamp recordings
	OMP_NUM_THREADS=1 CHINGOLO_RECORDINGS="$$(readlink -f resources/audio || true)" python -m pytest -n 2 --dist loadfile

# On a Slurm of two nodes on this machine: as root, with Debian's slurm-wlm and munge.
test-cluster: .venv/dev.stamp
	CHINGOLO_CLUSTER=1 OMP_NUM_THREADS=1 python -m pytest -s tests/cluster

# Builds that are killed and disks that fill up, at random moments: KILLS=50 FULL=20 (disks as root).
KILLS ?= 50
FULL ?= 20
test-faults: .venv/dev.stamp
	CHINGOLO_KILLS=$(KILLS) CHINGOLO_FULL=$(FULL) OMP_NUM_THREADS=1 python -m pytest -s tests/faults

# Readers of users' files, fuzzed so many seconds each.
FUZZ_S ?= 600
fuzz: .venv/dev.stamp
	for target in recordings songs sketch page study picture digitize; do \
	  PYTHONPATH=. python tests/bad/fuzz.py $$target results/fuzz/$$target -max_total_time=$(FUZZ_S) -print_final_stats=1; \
	done

# The tiny study up to its numbers in other rooms: cores, order, locale, clock, hash seed, user, shards.
test-sameness: .venv/dev.stamp
	CHINGOLO_SAMENESS=1 OMP_NUM_THREADS=1 python -m pytest -s tests/sameness

# Small changes of what the verdict hangs on (themes, persistence, openset): do its tests notice them?
KILLED ?= 80
mutants: .venv/dev.stamp
	rm -rf mutants
	OMP_NUM_THREADS=1 mutmut run --max-children 2 >mutants.log || { tail -n 40 mutants.log; exit 1; }
	python tests/mutants.py $(KILLED)

# All tests, and the lines and branches of chingolo/ that they run, in Snakemake's jobs as well.
COVERED ?= 90
coverage:
	PYTEST_ADDOPTS="--cov --cov-report term-missing:skip-covered --cov-fail-under $(COVERED)" $(MAKE) test

# Renews the digests of the golden build; say in the commit why results changed.
golden: .venv/dev.stamp
	CHINGOLO_SAMENESS=golden OMP_NUM_THREADS=1 python -m pytest -s tests/sameness -k golden

# One environment a stage, each made from nothing but its file.
test-environments: .venv/dev.stamp
	CHINGOLO_ENVIRONMENTS=1 OMP_NUM_THREADS=1 python -m pytest -s tests/environments

lint: .venv/dev.stamp .venv/check.stamp .venv/audit.stamp
	ruff check
	ruff format --check
	mypy
	snakefmt --check --line-length 100 Snakefile workflow/rules
	snakemake --lint
	sp-repo-review .
	.venv/check/bin/cffconvert --validate
	.venv/audit/bin/bandit -q -ll -r chingolo workflow
	git ls-files -z | xargs -0 .venv/audit/bin/detect-secrets-hook --exclude-files '^(envs/(Dockerfile|sbom)|tests/sameness/golden)'

# Known vulnerabilities of the lock: asks the index's database, so it needs the network.
audit: .venv/audit.stamp
	.venv/audit/bin/pip-audit -r envs/default.txt --no-deps --disable-pip

# The bill of materials of the lock, after a change of it.
sbom: .venv/audit.stamp
	python workflow/write_sbom.py .venv/audit/bin/cyclonedx-py

bench: .venv/default.stamp recordings
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/singer.py results/benchmarks/singer.json

PAGES ?= 200
bench-notebook: .venv/default.stamp recordings
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/notebook.py results/benchmarks/notebook.json $(PAGES)

HISTORIES ?= 4
NETWORKS ?= 1
bench-truth: .venv/default.stamp
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/truth.py results/benchmarks/truth.json $(HISTORIES) $(NETWORKS)

# NOISE=folder of recorded backgrounds; after a build, which leaves the ensemble behind.
bench-judge: .venv/default.stamp recordings
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/judge.py results/benchmarks/judge.json

# LOSSES=all, or some, separated by commas, are trained and compared; after a build.
LOSSES ?=
bench-metric: .venv/default.stamp
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/metric.py results/benchmarks/metric.json $(LOSSES)

# What a larger study takes; SONGS=1000,10000 measures less.
SONGS ?=
bench-scale: .venv/default.stamp
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/scale.py results/benchmarks/scale.json $(SONGS)

# A training with its record kept and told, beside the same without; after a build.
bench-tracking: .venv/default.stamp
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/tracking.py results/benchmarks/tracking.json

bench-primer: .venv/default.stamp
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/primer.py results/benchmarks/primer.json

bench-choice: .venv/default.stamp recordings
	OMP_NUM_THREADS=1 PYTHONPATH=. python workflow/benchmarks/choice.py results/benchmarks/choice.json results

# All that a study is given, looked at in seconds: make check STUDY=config/field.yaml
STUDY ?=
check: .venv/default.stamp recordings
	python -m chingolo check-study $(STUDY)

# The table of settings, the notation's table and schema, and the tables of the last benchmarks if there
# were any.
docs: .venv/default.stamp
	PYTHONPATH=. python workflow/document_config.py
	PYTHONPATH=. python workflow/document_notation.py
	PYTHONPATH=. python workflow/benchmarks/document.py results/benchmarks/singer.json
	PYTHONPATH=. python workflow/benchmarks/document_choice.py results/benchmarks/choice.json
	PYTHONPATH=. python workflow/benchmarks/document_judge.py results/benchmarks/judge.json
	PYTHONPATH=. python workflow/benchmarks/document_scale.py results/benchmarks/scale.json

ui: .venv/default.stamp
	@echo "Open http://127.0.0.1:5000/#/experiments/1/runs?workflowType=machine_learning"
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false mlflow server --host 127.0.0.1 --port 5000 --workers 1 \
	  --backend-store-uri sqlite:///$(CURDIR)/results/mlflow.db --artifacts-destination results/mlartifacts

report: paper
	snakemake --cores 1 --report results/report.html

clean:
	rm -rf results/* .snakemake
	git checkout -- results/README.md
