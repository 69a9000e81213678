# Each target works from a bare checkout. `make demo` and `make test` are all most people need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOOPS := $(VENV)/.loops

.PHONY: demo test lint gate fuzz bench accuracy mutants clean

demo: $(READY)
	@$(BIN)/gnomon demo

test: $(LOOPS)
	@tests/setup.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/gnomon catalogue check

# The long forms: more of every random test, and fuzzing.
gate: $(LOOPS)
	@tests/setup.sh
	@GNOMON_GATE=1 $(BIN)/python -m pytest -n 2 --dist loadgroup

# Ten million strange lines for each kind of line, against slow and obvious readers.
fuzz: $(READY)
	@$(BIN)/python -m tests.hostile.fuzz --lines 10000000

bench: $(READY)
	@$(BIN)/python tests/bench/bench.py

# How often a verdict of activity is right, on simulated firms whose truth is known: writes docs/accuracy.md.
accuracy: $(READY)
	@$(BIN)/python -m tests.simulator.accuracy -o docs/accuracy.md

# How many changed lines of rules/ the tests would notice, by a random sample: `make mutants SAMPLE=1000 SEED=2`.
SAMPLE ?= 300
SEED ?= 1
mutants: $(READY)
	@$(BIN)/python -m tests.mutants --sample $(SAMPLE) --seed $(SEED)

# The environment is made anew when the lock or the packaging changes.
$(READY): requirements.lock pyproject.toml
	@tests/environment.sh "$(PYTHON)" $(VENV)
	@touch $(READY)

# Otherwise both workers of the tests would compile the loops over bytes of a new checkout at the same time, under coverage.
$(LOOPS): $(READY)
	@$(BIN)/python -m tests.formats.compile
	@touch $(LOOPS)

clean:
	rm -rf $(VENV) dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
