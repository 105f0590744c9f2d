# `make demo` and `make test` need Python 3.10+, make and a package index. Everything else they fetch themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export OMP_NUM_THREADS := 1

# Debian and Ubuntu keep venv in a package of its own; as root we may fetch it.
INSTALL_VENV = [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv

.PHONY: demo test proof bench clean

demo: $(VENV)/installed
	@$(BIN)/grader demo
	@echo "The command is in $(BIN): '. $(BIN)/activate' makes it plain 'grader'."

# The notebook tests get an environment of their own, and as root a browser: see noxfile.py.
test: $(VENV)/installed
	$(BIN)/nox --no-error-on-missing-interpreters -s lint types tests

proof: $(VENV)/installed
	$(BIN)/nox -s proof

bench: $(VENV)/installed
	$(BIN)/nox -s bench

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "Python 3.10 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { $(INSTALL_VENV) && $(PYTHON) -m venv $(VENV); } \
	  || { echo "This Python has no venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist demo-class
