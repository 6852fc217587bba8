# Two commands do everything on a fresh Debian 12: `make run` and `make check`.
#
#   make run            install what is missing, build, start, show one signed and one refused transaction
#   make run ONCE=1     the same, and end after the proof
#   make check          build and run all tests
#   make build          release binaries in build/
#   make install        PREFIX=/usr/local DESTDIR=
#   make fuzz           every fuzz target for FUZZ_SECONDS=60
#   make crash          200 random kill -9 under load (ROUNDS=200)
#   make soak           2,000 requests a second to each interface of the gateway for SOAK_SECONDS=60
#   make deb            build/zerocopy_VERSION_ARCH.deb
#   make bench          zcp bench against the bare libraries
#   make image          the enclave image: build/image/signer.eif and what it measures to
#   make check-qemu     boots that image in an emulated Nitro enclave and signs with it
#   make format         lay the code out as .clang-format says

FUZZ_SECONDS ?= 60
SOAK_SECONDS ?= 60
ROUNDS ?= 200
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

.PHONY: run check build install fuzz crash soak deb bench image check-qemu format packages clean \
        check-release check-asan check-ctime check-format check-tidy check-fuzz

run: build
	@ONCE=$(ONCE) scripts/first-run

build:
	@scripts/install-packages build
	@cmake --preset release -DBUILD_TESTING=OFF >/dev/null
	@cmake --build build -j $(JOBS) --target programs -- --quiet

packages:
	@scripts/install-packages build check

# Quick and telling first; `make -k check` shows every failure.
check: packages check-format check-release check-asan check-ctime check-fuzz check-tidy
	@echo "make check: everything passed"

check-format:
	@git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror

check-release: packages
	@cmake --preset release -DBUILD_TESTING=ON >/dev/null
	@cmake --build build -j $(JOBS) -- --quiet
	@ctest --test-dir build --output-on-failure -LE 'system|image|long' -j $(JOBS); quick=$$?; \
	    deploy/image/build --if-cached --zcp build/zcp --out build/image && \
	    ctest --test-dir build --output-on-failure -L system && exit $$quick

# clang, address and undefined-behaviour sanitizers. Sandboxed processes and whole-system runs stay with
# the release build: a sanitizer's own system calls are not on the allow-list.
check-asan: packages
	@cmake --preset asan >/dev/null
	@cmake --build build-asan -j $(JOBS) -- --quiet
	@ctest --test-dir build-asan --output-on-failure -LE 'system|architecture|differential|clients|image|long'

check-ctime: packages
	@cmake --preset ctime >/dev/null
	@cmake --build build-ctime -j $(JOBS) -- --quiet
	@ctest --test-dir build-ctime --output-on-failure -L ctime -j $(JOBS)

check-tidy:
	@git ls-files 'tcb/*.c' 'host/*.c' | xargs -P $(JOBS) -n 4 clang-tidy --quiet -p build-asan 2>/dev/null

check-fuzz: packages
	@cmake --preset fuzz >/dev/null
	@cmake --build build-fuzz -j $(JOBS) -- --quiet
	@scripts/fuzz build-fuzz 2 1

fuzz: packages
	@cmake --preset fuzz >/dev/null
	@cmake --build build-fuzz -j $(JOBS) -- --quiet
	@scripts/fuzz build-fuzz $(FUZZ_SECONDS)

crash: build
	@scripts/install-packages check
	@ROUNDS=$(ROUNDS) tests/system/crash_test.sh build

soak: build
	@scripts/install-packages check
	@cmake --preset release -DBUILD_TESTING=ON >/dev/null
	@cmake --build build -j $(JOBS) --target programs gateway-load -- --quiet
	@SOAK_SECONDS=$(SOAK_SECONDS) python3 tests/system/gateway_soak_test.py build

deb: build
	@deploy/deb/build-deb build build

bench: build
	@scripts/bench

image: build
	@scripts/install-packages image
	@deploy/image/build --zcp build/zcp --out build/image

# QEMU is built once, into ~/.cache/zerocopy ($ZCP_CACHE).
check-qemu: packages image
	@scripts/install-packages qemu
	@deploy/image/build-qemu
	@cmake --preset release -DBUILD_TESTING=ON >/dev/null
	@cmake --build build -j $(JOBS) --target programs zcp-qemu emulated-client -- --quiet
	@python3 tests/system/qemu_test.py build

install: build
	@cmake --install build --prefix $(PREFIX)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	@rm -rf build build-debug build-asan build-ctime build-fuzz
