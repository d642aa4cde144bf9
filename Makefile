# 固定命令 The fixed commands. `make setup` is called by all the others.
VENV_PYTHON := .venv/bin/python
STAMP := .venv/.taizhang-setup
ARGS ?=
# How long the soak of `make drill` and `make soak` plays.
MINUTES ?= 60
# Two test processes at most: the crash tests measure nothing, but more of them than cores only slow each other down.
PYTEST := $(VENV_PYTHON) -m pytest -n auto --maxprocesses 2 --dist loadfile

.PHONY: help setup run test drill soak browser postgres kafka bench check format
help:
	@echo '安装 make setup | 运行 make run | 测试 make test | 长测 make drill | 性能 make bench | 检查 make check | 排版 make format'
	@echo 'set up | run | test | long tests | benchmark | checks | format'

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml deploy/setup
	@sh deploy/setup

run: $(STAMP)
	@$(VENV_PYTHON) -m services.demonstration $(ARGS)

# TAIZHANG_ROUNDS: how often a crash test kills what it watches; plain pytest does a few rounds only.
test: $(STAMP) browser postgres kafka
	@TAIZHANG_ROUNDS=$${TAIZHANG_ROUNDS:-15} $(PYTEST) $(ARGS)

drill: $(STAMP) browser postgres kafka
	@TAIZHANG_ROUNDS=$${TAIZHANG_ROUNDS:-100} $(PYTEST) --timeout 7200 $(ARGS)
	@$(VENV_PYTHON) -m tests.soak --minutes $(MINUTES)

# An hour of simulated load on the real service: a year of every district; memory, handles and latency stay flat.
soak: $(STAMP)
	@$(VENV_PYTHON) -m tests.soak --minutes $(MINUTES)

browser:
	@sh deploy/browser >/dev/null || true

postgres:
	@sh deploy/postgres/programs >/dev/null || true

kafka:
	@sh deploy/kafka/fetch >/dev/null || true

bench: $(STAMP) postgres kafka
	@$(VENV_PYTHON) -m tests.bench $(ARGS)

check: $(STAMP)
	@bash deploy/check

format: $(STAMP)
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m ruff check --fix --select I .
