# The commands a newcomer needs. Each says what it does; `make help` lists them.
# PRESET is the configuration `make test` builds; `make run` and `make bench` use release.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
DATA ?= data
LISTEN ?= 127.0.0.1:8080
RESIDENTS ?= 10000
PRESET ?= dev

.PHONY: help setup run test build web wasm bench soak asan tsan fuzz tidy format coverage clean

help:
	@echo "make run      install what is missing, build, make a demonstration district, serve it"
	@echo "make test     install what is missing, build, run every test"
	@echo "make build    the program at build/kangqu and the web application in web/dist"
	@echo "make bench    print the benchmarks, one JSON object a line"
	@echo "make soak     the long rounds of the fault tests"
	@echo "make wasm     the evaluator for WebAssembly, compared with the native one"
	@echo "make asan | tsan | fuzz | tidy | format | coverage"

setup:
	@tools/setup/setup.sh

run: build
	@exec tools/run.sh --data "$(DATA)" --listen "$(LISTEN)" --residents "$(RESIDENTS)"

build: setup web
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target kangqu -j $(JOBS)
	@ln -sfn release/bin/kangqu build/kangqu

web: setup
	@tools/web_build.sh

test: setup web
	@tools/test.sh $(PRESET) $(JOBS)

bench: build
	@cmake --build --preset release -j $(JOBS)
	@tools/bench.sh build/release

soak: setup
	@cmake --preset dev >/dev/null && cmake --build --preset dev -j $(JOBS)
	@ctest --preset dev -C Soak -L soak --output-on-failure

asan tsan: setup
	@cmake --preset $@ >/dev/null && cmake --build --preset $@ -j $(JOBS) && ctest --preset $@ -LE browser

wasm: setup
	@cmake --preset $(PRESET) >/dev/null && cmake --build --preset $(PRESET) --target expression_lines -j $(JOBS)
	@JOBS=$(JOBS) tools/wasm.sh build/$(PRESET) test

fuzz: setup
	@tools/fuzz.sh

tidy: setup
	@tools/tidy/tidy.sh

format:
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

coverage: setup
	@tools/coverage.sh

clean:
	rm -rf build web/dist
