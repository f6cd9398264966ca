# Tombo: the tool `./tombo` and the runtime library that compiled programs link.
# `make help` lists the targets. Sources are found by wildcard: a new .c file needs no change here.
#
# Everything is built under build/. A *flavour* is a folder laid out like an installation (bin/, lib/tombo/) and the
# compiler flags behind it: build itself (optimised), build/debug, build/asan (sanitizers, a heap that never frees)
# and build/stress (collects all the time). ./tombo is a link to build/bin/tombo.

VERSION := 0.1.0
PREFIX := /usr/local
DESTDIR :=
CC := gcc
CFLAGS := -O2 -g
MAKEFLAGS += --no-builtin-rules
$(if $(V),,.SILENT:) # V=1 shows every command

PACKAGES := gcc libc6-dev make clang libtcc-dev libgc-dev libgmp-dev libpcre2-dev libutf8proc-dev libexpat1-dev \
	libssl-dev check gdb python3

BASE := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Werror -fno-strict-aliasing -fno-common \
	-ffunction-sections -fdata-sections -iquote . -iquote runtime -iquote build -DTOMBO_VERSION='"$(VERSION)"' -MMD -MP
LINK := -Wl,--gc-sections -Wl,--as-needed
LIBRARIES := -lgc -lgmp -lpcre2-8 -lutf8proc -lexpat -lcrypto -lm -ldl -lpthread
# The tool has these inside and stands at a fixed address: loading and relocating them takes longer than a small program.
TOOL_LIBRARIES := -no-pie -Wl,--wrap=GC_unix_get_mem -Wl,-Bstatic -ltcc $(filter-out -lm -ldl -lpthread,$(LIBRARIES)) -Wl,-Bdynamic -lm -ldl -lpthread
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

LIBRARY_SOURCES := $(sort $(wildcard runtime/*.c stdlib/*.c))
TOOL_SOURCES := $(sort $(filter-out transpiler/declare%.c,$(wildcard transpiler/*.c)))
UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
DECLARATIONS := $(sort $(wildcard stdlib/*.tb))
GENERATED := library_index prelude runtime_symbols templates
# What the build tool `declare` needs of the compiler: everything up to the parser.
FRONT_SOURCES := $(sort $(wildcard $(patsubst %,transpiler/%.c,arena pages names map source diag* nearest token* lexer* ast* \
	parser* parse_*)))

all: tombo

tombo: build/bin/tombo
	ln -sf build/bin/tombo $@

# ------------------------------------------------------------------------------------- generated sources

# The library's declarations become an index for the compiler and prototypes for their native halves.
build/declare: build/obj/transpiler/declare.o build/obj/transpiler/declare_pages.o $(FRONT_SOURCES:%.c=build/obj/%.o)
	$(CC) $(CFLAGS) $(LINK) -o $@ $^ -lutf8proc

build/library.stamp: build/declare $(DECLARATIONS)
	mkdir -p build/stdlib
	build/declare build $(DECLARATIONS)
	touch $@
build/library_index.c: build/library.stamp ;

# The runtime's headers as one text, for programs compiled in memory.
build/prelude.c: transpiler/prelude.awk $(wildcard runtime/*.h)
	mkdir -p build
	$(CC) -E -P -dD -undef -nostdinc -D__TINYC__ -D__x86_64__ -DTB_NO_SYSTEM_HEADERS runtime/tombo.h > build/prelude.h
	awk -f transpiler/prelude.awk build/prelude.h > $@

# The C around every program.
build/templates.c: transpiler/templates.awk $(wildcard templates/*.c templates/memory/*.tb)
	mkdir -p build
	awk -f transpiler/templates.awk $(wildcard templates/*.c templates/memory/*.tb) > $@

# What such programs can call: every name of the runtime and where it is.
build/runtime_symbols.c: transpiler/symbols.awk build/lib/tombo/libtombo.a
	nm -g --defined-only build/lib/tombo/libtombo.a > build/symbols.txt
	LC_ALL=C sort -u -k 3 build/symbols.txt | awk -f transpiler/symbols.awk > $@

build/unit_suites.def: $(UNIT_SOURCES)
	mkdir -p build
	for suite in $(filter-out main,$(patsubst test_%,%,$(basename $(notdir $^)))); do echo "SUITE($$suite)"; done > $@

# ---------------------------------------------------------------------------------------------- flavours

# $(1) is the flavour's folder, $(2) its flags.
define FLAVOUR
$(1)/obj/%.o: %.c
	mkdir -p $$(@D) && echo "cc $$@"
	$$(CC) $$(BASE) $(2) -c -o $$@ $$<

$(filter $(1)/obj/stdlib/%,$(LIBRARY_SOURCES:%.c=$(1)/obj/%.o)): | build/library.stamp
$(1)/obj/tests/unit/main.o: build/unit_suites.def

$(1)/lib/tombo/libtombo.a: $(LIBRARY_SOURCES:%.c=$(1)/obj/%.o)
	mkdir -p $$(@D)
	rm -f $$@ && echo "ar $$@"
	ar rcs $$@ $$^
	ln -sfnr runtime $$(@D)/include

$(1)/bin/tombo: $(TOOL_SOURCES:%.c=$(1)/obj/%.o) $(GENERATED:%=$(1)/obj/build/%.o) $(1)/lib/tombo/libtombo.a
	mkdir -p $$(@D) && echo "link $$@"
	$$(CC) $(2) $$(LINK) -o $$@ $$^ $$(TOOL_LIBRARIES)

$(1)/bin/unit: $(UNIT_SOURCES:%.c=$(1)/obj/%.o) $(GENERATED:%=$(1)/obj/build/%.o) \
		$(patsubst %.c,$(1)/obj/%.o,$(filter-out transpiler/main.c,$(TOOL_SOURCES))) $(1)/lib/tombo/libtombo.a
	mkdir -p $$(@D) && echo "link $$@"
	$$(CC) $(2) $$(LINK) -o $$@ $$^ -ltcc -lcheck_pic -lsubunit -lrt $$(LIBRARIES)
endef

$(eval $(call FLAVOUR,build,$(CFLAGS)))
$(eval $(call FLAVOUR,build/debug,-O0 -g3))
$(eval $(call FLAVOUR,build/asan,-O1 -g -DTB_GC_MALLOC $(SANITIZE)))
$(eval $(call FLAVOUR,build/stress,-O1 -g -DTB_GC_STRESS))

# What `tombo build --sanitize` links.
build/lib/tombo/libtombo-malloc.a: build/asan/lib/tombo/libtombo.a
	cp $< $@
build/asan/lib/tombo/libtombo-malloc.a: build/asan/lib/tombo/libtombo.a
	ln -sf libtombo.a $@

# The runtime for another machine, for `tombo build --target=TARGET`.
ifdef TARGET
$(eval $(call FLAVOUR,build/$(TARGET),$(CFLAGS)))
build/$(TARGET)/%: CC := $(TARGET)-gcc
target: build/lib/tombo/$(TARGET)/libtombo.a ## the runtime for another machine: make target TARGET=aarch64-linux-gnu
build/lib/tombo/$(TARGET)/libtombo.a: build/$(TARGET)/lib/tombo/libtombo.a
	mkdir -p $(@D)
	cp $< $@
endif

-include $(wildcard build/obj/*/*.d build/obj/*/*/*.d build/*/obj/*/*.d build/*/obj/*/*/*.d)

# --------------------------------------------------------------------------------------------- for people

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

deps: ## install the Debian packages that building and testing need
	dpkg -s $(PACKAGES) > /dev/null 2>&1 || { set -e; \
		as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update; \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $(PACKAGES); }

debug: build/debug/bin/tombo ## the tool and runtime without optimisation, for gdb: build/debug/bin/tombo

unit: build/bin/unit ## the unit tests alone
	build/bin/unit

test: tombo build/bin/unit ## unit tests, goldens through libtcc and gcc or clang, some through both tiers, the examples
	tests/run --unit build/bin/unit

test-full: tombo build/bin/unit build/lib/tombo/libtombo-malloc.a tidy ## everything: also sanitizers and the stress flavour
	tests/run --unit build/bin/unit --modes run,loops,gcc,clang,prompt --batch 1
	tests/stdlib/cases.py ./tombo --mode build
	$(MAKE) asan stress

asan: build/asan/bin/tombo build/asan/bin/unit build/asan/lib/tombo/libtombo-malloc.a ## tool and programs under ASan and UBSan
	tests/run --tool build/asan/bin/tombo --unit build/asan/bin/unit --modes run,sanitize

stress: build/stress/bin/tombo build/stress/bin/unit ## goldens while the collector runs all the time
	tests/run --tool build/stress/bin/tombo --unit build/stress/bin/unit --modes run,gcc

COUNT := 500
SEED := 1
fuzz: tombo ## COUNT random programs from SEED on: libtcc, gcc and clang against Python
	tests/fuzz/compare.py ./tombo --count $(COUNT) --seed $(SEED) --modes run,gcc,clang

NAMES :=
bench: tombo ## tombo against C and CPython, or only NAMES="fib sieve"
	bench/bench.py ./tombo $(NAMES)

bench-library: tombo ## the library against CPython's, or only NAMES="text sort"
	bench/library/bench.py ./tombo $(NAMES)

bench-memory: tombo ## what lists, strings, functions take, beside the old interpreter and CPython
	bench/memory/bench.py ./tombo

ROUNDS := 5000
soak: tombo ## long runs: 10,000 entries at the prompt; ROUNDS of mixed allocation, which must not grow
	tests/repl/soak.py ./tombo
	tests/memory/soak.py ./tombo --rounds $(ROUNDS)

fuzz-modes: tombo ## COUNT random well-typed functions: libtcc, gcc -O0 and -O2, clang and Python agree
	tests/fuzz/typed.py ./tombo --count $(COUNT) --seed $(SEED)

docs: build/declare ## the pages of docs/library, from stdlib/*.tb
	mkdir -p docs/library
	build/declare --pages docs/library $(DECLARATIONS)

tidy: tombo ## what style can be checked by machine
	tests/tidy

format: ## clang-format over our sources
	clang-format -i $(wildcard transpiler/*.[ch] runtime/*.[ch] stdlib/*.[ch] tests/unit/*.[ch])

install: tombo build/lib/tombo/libtombo-malloc.a ## into PREFIX (/usr/local), below DESTDIR if given
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/tombo/include"
	install -m 755 build/bin/tombo "$(DESTDIR)$(PREFIX)/bin/tombo"
	install -m 644 build/lib/tombo/*.a "$(DESTDIR)$(PREFIX)/lib/tombo"
	for library in build/lib/tombo/*/libtombo.a; do [ ! -e "$$library" ] || install -D -m 644 "$$library" \
		"$(DESTDIR)$(PREFIX)/lib/tombo/$$(basename "$$(dirname "$$library")")/libtombo.a"; done
	install -m 644 runtime/*.h "$(DESTDIR)$(PREFIX)/lib/tombo/include"

uninstall: ## take it away again
	rm -rf "$(DESTDIR)$(PREFIX)/bin/tombo" "$(DESTDIR)$(PREFIX)/lib/tombo"

clean: ## remove everything that was built
	rm -rf build tombo

.PHONY: all help deps debug unit test test-full fuzz fuzz-modes soak asan stress target bench bench-library bench-memory docs tidy format install uninstall clean
.DELETE_ON_ERROR:
