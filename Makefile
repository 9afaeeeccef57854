# Two commands do all the set-up they need, on a bare Debian or Ubuntu with Python 3.11 or newer, and are safe to repeat:
#   make demo   the main job on sample_docs/: queues on disk, a summary, the page to open
#   make test   every test, real OCR included
HOME_DIR ?= demo-home
PORT ?= 3000

.PHONY: demo test ui desk setup setup-test clean-demo

demo: setup
	@mkdir -p $(HOME_DIR)/inbox
	@cp -R sample_docs/inbox/. $(HOME_DIR)/inbox/
	.venv/bin/lmn run --home $(HOME_DIR) --claims sample_docs/claims --as-of 2026-06-30

test: setup-test
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/pytest

# The Dagster UI over the home's runs, with the sensor and the schedule at work.
ui: setup
	@mkdir -p $(HOME_DIR)/dagster
	@cp assets/dagster.yaml $(HOME_DIR)/dagster/dagster.yaml
	DAGSTER_HOME="$$(realpath $(HOME_DIR))/dagster" LMN_STATE="$$(realpath $(HOME_DIR))/dagster" LMN_HOME=$(HOME_DIR) \
	LMN_CLAIMS="$${LMN_CLAIMS:-$$(if [ -d $(HOME_DIR)/claims ]; then realpath $(HOME_DIR)/claims; else realpath sample_docs/claims; fi)}" \
	.venv/bin/dagster dev -m assets.definitions -h 127.0.0.1 -p $(PORT)

# The examiners' desk over the home that `make demo` filled.
desk: setup
	.venv/bin/lmn desk --home $(HOME_DIR) --claims sample_docs/claims --as-of 2026-06-30

setup:
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

clean-demo:
	rm -rf $(HOME_DIR)
