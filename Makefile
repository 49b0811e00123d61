# switchlab: the front door. `make help` lists the targets; docs/ explains them.

ARCH    ?= $(HOST)
CC       = gcc
B       ?= build
RESULTS ?= results
HOST    := $(shell uname -m)

CFLAGS   ?= -O2 -g
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CPPFLAGS := -I. -D_GNU_SOURCE -MMD -MP
FLAGS     = -std=gnu11 $(WARNINGS) $(CFLAGS) $(SANITIZED)
SANITIZED = $(SANITIZE:%=-fsanitize=% -fno-omit-frame-pointer)
LIBS     := -lboost_context -lpcl -ljansson -lgsl -lgslcblas -lpthread -lm

MAKEFLAGS += -j$(shell nproc)
# V=1 shows the commands
quiet = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$@';)
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# The same objects in other places: layout k moves all code by k lines of cache and the partners' sides by some more. What a
# short switch costs depends on where its two sides lie.
LAYOUTS   := 1 2 3 4 5
PROGRAM   := $(B)/switchlab $(LAYOUTS:%=$(B)/switchlab.%)

# ---- what there is: a switcher, experiment or engine is found by its place; an architecture's files by its name ----

native     = $(wildcard $(1)/$(HOST)*.c) $(wildcard $(1)/$(HOST)/*.c)
SWITCHERS := $(sort $(foreach d,registers full scratch pip probe,$(call native,switchers/$(d))) $(if $(wildcard switchers/peers/$(HOST).inc),$(wildcard switchers/peers/*.c)) $(wildcard switchers/simple/*.c switchers/registers/ia64*.c switchers/registers/*_kernel.c))
include engines/qemu_user/user.mk
ENGINES   := $(wildcard engines/*.c engines/native/*.c engines/simple/*.c engines/ia64sim/*.c engines/ski/*.c engines/world/*.c engines/qemu/*.c engines/kvm/machine.c engines/kvm/timing.c engines/kvm/vmexit.c engines/qemu_user/*.c engines/decode/*.c) $(call native,engines/native) $(call native,engines/kvm)
# a mask is an axis of the lab's own switchers: each is compiled once under each (switchers/masks/)
MASKS     := $(if $(wildcard switchers/masks/$(HOST).c),sigprocmask deferred rseq restart)
MASKED    := $(foreach d,full scratch pip,$(call native,switchers/$(d)))
MASK_OBJECTS := $(foreach m,$(MASKS),$(MASKED:%.c=$(B)/%~$(m).o))
SOURCES   := $(SWITCHERS) $(or $(strip $(call native,switchers/masks)),switchers/masks/none.c) $(ENGINES) $(wildcard harness/*.c bench/*.c commands/*.c)
OBJECTS   := $(SOURCES:%.c=$(B)/%.o) $(MASK_OBJECTS)
LIBRARY    = $(filter-out $(B)/harness/main.o,$(OBJECTS))
# parts add to OBJECTS; a rule that stands in a part and needs them all asks for $$(OBJECTS) or $$(LIBRARY)
.SECONDEXPANSION:
include switchers/peers/peers.mk
OBJECTS   += $(PEER_OBJECTS)
include pip/pip.mk engines/ia64/ia64.mk worlds/ia64/world.mk worlds/common/common.mk $(filter-out worlds/ia64/world.mk,$(wildcard worlds/*/world.mk)) harness/report.mk fleet/fleet.mk
TESTS     := $(patsubst %.c,$(B)/%,$(wildcard tests/harness/test_*.c tests/engines/test_*.c tests/engines/$(HOST)/test_*.c tests/commands/test_*.c tests/switchers/test_*.c tests/plots/test_*.c tests/pip/test_*.c))

.PHONY: all
all: $(PROGRAM) $(B)/ia64sim ## build the program, in all its layouts, and the IA-64 simulator

$(B)/switchlab: $(OBJECTS)
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/switchlab.%: $(B)/pad.%.o $(OBJECTS)
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/pad.%.o: Makefile | $(B)/ prepared
	@printf '.text\n.space 64 * $*, 0x90\n.section partners,"ax"\n.space 64 * ($* * 7 %% 13), 0x90\n.section .note.GNU-stack,"",@progbits\n' | $(CC) -c -x assembler -o $@ -
$(B)/:
	@mkdir -p $@

COMMIT   := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
COMPILER := $(shell $(CC) --version 2>/dev/null | sed -n 1p) $(CFLAGS)
$(B)/harness/run.o $(B)/harness/campaign.o: CPPFLAGS += -DSWITCHLAB_COMMIT='"$(COMMIT)"' -DSWITCHLAB_COMPILER='"$(COMPILER)"'
$(B)/harness/run.o $(B)/harness/campaign.o: $(B)/commit
$(B)/commit: always | $(B)/
	@echo '$(COMMIT) $(COMPILER)' | cmp -s - $@ || echo '$(COMMIT) $(COMPILER)' > $@

$(B)/%.o: %.c | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) -c -o $@ $<
define masked
$(B)/%~$(1).o: %.c | prepared
	@mkdir -p $$(@D)
	$$(call quiet,cc)$$(CC) $$(CPPFLAGS) $$(FLAGS) -DMASK='"$(1)"' -c -o $$@ $$<
endef
$(foreach m,$(MASKS),$(eval $(call masked,$(m))))
$(B)/tests/%: tests/%.c $(LIBRARY) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $< $(LIBRARY) -lcmocka $(LIBS)

# the sanitizers watch the host's code; a switcher changes stacks under their feet
$(SWITCHERS:%.c=$(B)/%.o) $(MASK_OBJECTS): SANITIZED =

-include $(OBJECTS:.o=.d) $(TESTS:=.d)

# ---- deps: the packages of the goals given with it; other goals wait for it ----

.PHONY: deps prepared always
deps: ## install what the goals given with it need, e.g. `make deps bench`
	@ARCH=$(ARCH) MODE=$(MODE) tools/deps.sh $(filter-out deps,$(MAKECMDGOALS))
prepared: $(filter deps,$(MAKECMDGOALS))

# ---- bench ----

.PHONY: bench quick list check mutate plots show spread perf crosscheck contexts
bench: bench-$(ARCH)$(MODE:%=-%) ## measure: tables, records, plots; ARCH=simple: the patent's own CPU, ARCH=ia64: its own machine, MODE=kernel: ring 0
quick: BENCH = --quick
quick: bench ## the same in less time, for a look

.PHONY: bench-$(HOST) bench-simple bench-ia64
bench-$(HOST): $(PROGRAM)
	$(B)/switchlab run --results $(RESULTS) $(BENCH)
	SWITCHLAB=$(B)/switchlab plots/plot.sh $(RESULTS)/latest.jsonl $(RESULTS)
	SWITCHLAB=$(B)/switchlab plots/map.sh $(RESULTS)/latest.jsonl $(RESULTS) corruption-$(HOST) '^(pip|scratch|full)(/|$$)' jmp
	@$(B)/switchlab show --view boundaries $(RESULTS)/latest.jsonl > $(RESULTS)/corruption-$(HOST).txt
bench-simple: $(PROGRAM)
	$(B)/switchlab run --arch simple --results $(RESULTS)
bench-ia64: $(PROGRAM) worlds
	$(B)/switchlab run --arch ia64 --engine '$(if $(filter both,$(ENGINE)),@(ia64sim|ski),$(or $(ENGINE),ia64sim))' --results $(RESULTS) $(BENCH)
	SWITCHLAB=$(B)/switchlab plots/ia64.sh $(RESULTS)/latest.jsonl $(RESULTS)

.PHONY: pairs pairs-$(HOST) soak
pairs: pairs-$(ARCH) ## two interrupts at every pair of boundaries, of this CPU's plain switchers (minutes) or ARCH=ia64 (a minute)
pairs-$(HOST): $(PROGRAM)
	@rm -rf $(RESULTS)/pairs-$(HOST)
	@B=$(B) fleet/local.sh $(RESULTS)/pairs-$(HOST) --arch $(HOST) --engine native --switcher '@(pip|scratch|full)' --interrupts 2
soak: $(PROGRAM) ## a thousand million switches under a 20 kHz timer that preempts them, each mask, verified all along (minutes)
	@taskset -c $$(($$(nproc) - 1)) $(B)/switchlab soak --switcher pip --transfer jmp --iterations 1000000000 --time-limit 120
	@taskset -c $$(($$(nproc) - 1)) $(B)/switchlab soak --switcher '@(scratch|full)' --transfer jmp --iterations 100000000 --time-limit 120

list: $(PROGRAM) ## what there is: switchers, experiments, engines
	@$(B)/switchlab list
check: $(PROGRAM) ## the contract check of every switcher of this machine
	@$(B)/switchlab check
mutate: $(PROGRAM) ## remove every save and restore of these in turn: the check must notice each
	@$(B)/switchlab mutate
show: $(PROGRAM) ## the tables of the latest run
	@$(B)/switchlab show --results $(RESULTS)
plots: $(PROGRAM) ## draw the latest run again
	SWITCHLAB=$(B)/switchlab plots/plot.sh $(RESULTS)/latest.jsonl $(RESULTS)
spread: $(PROGRAM) ## how well ratios repeat: 10 runs (half a minute)
	@tools/spread.sh $(B)/switchlab
contexts: $(PROGRAM) ## every point of the experiment of many contexts, up to 5 GB of memory (some minutes)
	$(B)/switchlab run -e contexts --memory 8192 --results $(RESULTS)
	SWITCHLAB=$(B)/switchlab plots/plot.sh $(RESULTS)/latest.jsonl $(RESULTS)
perf: $(PROGRAM) ## perf stat over SWITCHER=pip alone; ANNOTATE=1: where its time goes
	@tools/perf.sh $(B)/switchlab $(or $(SWITCHER),pip) $(if $(ANNOTATE),annotate)
crosscheck: $(PROGRAM) ## whole processes timed by hyperfine against the lab's own figure, for SWITCHER=scratch
	@tools/crosscheck.sh $(B)/switchlab $(or $(SWITCHER),scratch)

include tools/regress.mk tools/install.mk

# ---- test ----

$(B)/tests/faulty: $(B)/tests/cli/faulty.o $(OBJECTS)
$(B)/tests/unclocked: $(B)/tests/cli/unclocked.o $(filter-out $(B)/engines/native/$(HOST)/clock.o,$(OBJECTS))
$(B)/tests/faulty $(B)/tests/unclocked:
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# A suite NAME: TESTS_NAME are its tests, the slowest first; tests-NAME builds what they need; test-NAME runs them alone.
EVERY_SUITE   := kernels units ia64 worlds kernel-worlds tools
SUITES        ?= $(EVERY_SUITE)
TESTS_kernels := $(wildcard tests/compilers/kernels-*.sh)
TESTS_tools   := $(wildcard tests/tools/*.sh tests/plots/*.sh) $(filter $(B)/tests/plots/%,$(TESTS))
TESTS_units   := $(wildcard tests/*.sh) $(filter-out $(TESTS_tools),$(TESTS))
# These alone need the CPUs to themselves: they compare times of this CPU, which another test on its other thread, in its caches or
# at its memory changes.
ALONE         := tests/compare.sh $(B)/tests/engines/test_clock
run_tests      = B=$(B) CC="$(CC)" ALONE="$(ALONE)" tools/test.sh

.PHONY: test $(EVERY_SUITE:%=test-%) $(EVERY_SUITE:%=tests-%) test-peers clean help figures
test: $(SUITES:%=tests-%) ## every test but the long campaigns, JOBS=2 at a time; SUITES="units ia64": those alone
	@$(run_tests) $(foreach s,$(SUITES),$(TESTS_$(s)))
tests-units: all $(TESTS_units) $(B)/tests/faulty $(B)/tests/unclocked
test-units: tests-units ## unit tests and the program from outside, with this CC and SANITIZE
	@$(run_tests) $(TESTS_units)
tests-tools: all $(TESTS_tools) $(if $(shell command -v ia64-linux-gnu-as),worlds)
test-tools: tests-tools ## what no compiler and no sanitizer changes: tools, installation, plots
	@$(run_tests) $(TESTS_tools)
tests-kernels: | prepared
test-kernels: tests-kernels ## live values survive pip under gcc and clang, with the options that matter
	@$(run_tests) $(TESTS_kernels)
test-peers: | prepared ## live values survive every peer, under gcc and clang
	@$(run_tests) tests/compilers/peers.sh
figures: ## renew the table and the plots that README shows from the latest run
	tools/figures.sh $(B)/switchlab $(RESULTS)
clean: ## remove what was built
	rm -rf $(B)
help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  %-12s %s\n", $$1, $$2}'
