# Masthead: the commands of every day. Each is a short script in scripts/.

PORT ?= 8000
SITE ?= ./demo-site

.PHONY: help setup demo admin-link test check bench audit screenshots nightly clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 14

setup: ## Make the environment in .venv
	@scripts/setup

demo: ## Seed the demo paper and serve it (PORT=8000 SITE=./demo-site)
	@scripts/demo "$(SITE)" "$(PORT)"

admin-link: setup ## Print another sign-in link for the demo's newsroom
	@MASTHEAD_SITE_URL="http://127.0.0.1:$(PORT)" .venv/bin/masthead admin-link --site "$(SITE)"

test: ## Run every test, with the coverage gate
	@scripts/test

check: ## Linters, types, contracts
	@scripts/check

bench: ## Benchmarks: ratios measured in one run
	@scripts/bench

audit: ## Lighthouse, axe and the Nu checker on a running demo (PORT=8000)
	@scripts/audit "http://127.0.0.1:$(PORT)"

screenshots: ## Take the pictures in docs/screenshots from a running demo (PORT=8000)
	@scripts/screenshots "http://127.0.0.1:$(PORT)"

nightly: ## The long tests
	@scripts/nightly

clean: ## Remove the environment, caches and builds (not the demo site)
	@rm -rf .venv node_modules tools/node_modules dist build htmlcov .coverage* .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
