# The few commands of daily work. CMake does the building (CMakePresets.json); see `make help`.
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: run serve test soak bench bench-screen fuzz coverage install format clean help

run: ## install what is missing, build, assess three records
	@tools/install-packages run
	@tools/build release program
	@cd examples/records && ../../build/release/antegrade assess --quiet \
	    diabetic-man-low-volume.json.gz tamsulosin-man.json.gz after-turp.yaml

serve: ## the page in a browser: install and build what it needs, then serve it
	@tools/install-packages run page
	@tools/build release program
	@build/release/antegrade serve

test: ## every test
	@tools/install-packages run test
	@tools/test

soak: ## the long forms of the tests
	@tools/install-packages run test
	@AG_SOAK=1 AG_TIMEOUT=7200 tools/test asan-ubsan tsan serve screen
	@tools/build release bench_serve -- -DAG_BENCH=ON
	@build/release/bench/bench_serve 1000000

bench: ## every benchmark, one after the other
	@tools/install-packages run test
	@tools/bench

bench-screen: ## screening of 1.3 GB beside DuckDB, simdjson, Node, Python, jq
	@tools/install-packages run test
	@tools/build release program
	@mkdir -p build/bench
	@python3 bench/screen/run.py $(CURDIR)/build/release/antegrade $(CURDIR)/build/bench/screen

fuzz: ## a minute of libFuzzer on each parser
	@tools/install-packages run test dev
	@tools/fuzz

coverage: ## lines and branches that the tests reach, in build/coverage/report
	@tools/install-packages run test dev
	@tools/test coverage
	@mkdir -p build/coverage/report
	@gcovr --root . --filter src/ --filter programs/ --print-summary \
	    --gcov-ignore-parse-errors --html-details build/coverage/report/index.html build/coverage | tail -n 4

install: ## program, libraries, headers, man page, completion (PREFIX, DESTDIR)
	@tools/install-packages run page
	@tools/build release -- -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@DESTDIR=$(DESTDIR) cmake --install build/release

format: ## lay out the sources with clang-format
	@tools/install-packages test
	@tools/sources | xargs clang-format -i

clean: ## delete all that was built
	@rm -rf build page/dist page/node_modules

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile
