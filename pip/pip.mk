# switchlab pip: the analysis, its tests and its campaigns.

OBJECTS += $(patsubst %.c,$(B)/%.o,$(wildcard pip/*.c pip/x86_64/*.c pip/ia64/*.c))
$(B)/pip/ia64/%.o $(B)/tests/pip/prove_ia64: CPPFLAGS += -Iengines/ia64
LIBS    += -lelf

PIP_B     := $(B)/pip-test
PIP_C     := $(wildcard tests/pip/programs/*.c)
PIP_BUILT := $(foreach cc,gcc clang,$(foreach o,0 1 2 3,$(patsubst tests/pip/programs/%.c,$(PIP_B)/%-$(cc)-O$(o),$(PIP_C))))
define pip_programs
$$(PIP_B)/%-$(1)-O$(2): tests/pip/programs/%.c | prepared
	@mkdir -p $$(@D)
	$$(call quiet,$(1))$(1) -std=gnu11 -w -fexceptions -O$(2) -o $$@ $$< -lm -lpthread
endef
$(foreach cc,gcc clang,$(foreach o,0 1 2 3,$(eval $(call pip_programs,$(cc),$(o)))))

$(B)/tests/pip/prove: tests/pip/prove.c tests/pip/tracee.c $$(LIBRARY) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS)
$(B)/tests/pip/prove_ia64: tests/pip/prove_ia64.c $$(LIBRARY) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS)
.PHONY: pip-proof
PIP_PROVE = $(B)/tests/pip/prove --pips 0
pip-proof: programs $(B)/tests/pip/prove_ia64 $(B)/tests/pip/prove $(PIP_BUILT) $(PIP_B)/exact ## switchlab pip, proved: every PIP of the test programs; PIPS=60 of each at -O2 by the oracle
	$(PIP_PROVE) $(PIP_BUILT)
	$(PIP_PROVE) --exact $(PIP_B)/exact
	$(B)/tests/pip/prove_ia64 --pips 100000 tests/engines/ia64/programs/c/*.elf $(IA64_B)/programs/[a-r]*.elf
	@for cc in gcc clang; do echo "-O2, $$cc:"; $(B)/tests/pip/prove --pips $(or $(PIPS),60) --oracle $(PIP_B)/integers-$$cc-O2 $(PIP_B)/floats-$$cc-O2 || exit 1; done

# switchers that --emit writes, in a program of their own
PIP_POINTS := integers flags vectors x87 wide end
$(PIP_B)/points: tests/pip/points.S | prepared
	@mkdir -p $(@D)
	@$(CC) -o $@ $<
$(PIP_B)/emitted-%.c: $(B)/switchlab $(PIP_B)/points
	@mkdir -p $(@D)
	$(call quiet,emit)$(B)/switchlab pip --emit $(PIP_B)/points at_$* >$@
# without the sanitizers, as every switcher
$(PIP_B)/emitted-%.o: private SANITIZED =
$(PIP_B)/emitted-%.o: $(PIP_B)/emitted-%.c
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) -c -o $@ $<
$(B)/tests/pip/emitted: $(PIP_POINTS:%=$(PIP_B)/emitted-%.o) $$(OBJECTS)
	@mkdir -p $(@D)
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# hostile files, of each architecture that there is a front end for
PIP_IA64    = $(patsubst %,engines/ia64/%.c,decode disasm effects)
PIP_SOURCES = $(wildcard pip/*.c pip/*/*.c) $(PIP_IA64) harness/table.c
$(PIP_B)/fuzz: tests/pip/fuzz_pip.c $(PIP_SOURCES) $(wildcard pip/*.h pip/x86_64/*.h pip/x86_64/*.def engines/ia64/*.h engines/ia64/*.def) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CLANG) -std=gnu11 -D_GNU_SOURCE -I. -Iengines/ia64 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^) -lelf -lcapstone -ljansson
$(PIP_B)/small: tests/pip/small.c | prepared
	@mkdir -p $(@D)
	@$(CC) -O2 -w -nostdlib -static -fno-pie -no-pie -Wl,-N,--build-id=none -o $@ $<
$(PIP_B)/corpus-x86_64: $(PIP_B)/points $(PIP_B)/small
	@mkdir -p $@
	@cp $^ $@
	@for f in $^; do strip -o $@/$$(basename $$f)-stripped $$f; done
$(PIP_B)/small_ia64.o: tests/pip/small_ia64.S | prepared
	@mkdir -p $(@D)
	@$(IA64_AS) -o $@ $<
$(PIP_B)/corpus-ia64: $(PIP_B)/small_ia64.o $$(foreach s,$$(WORLD_SWITCHERS),$$(WORLDS_B)/switch-$$(s)-masked.o)
	@mkdir -p $@
	@for f in $^; do to=$@/$$(basename $$f .o); \
		ia64-linux-gnu-ld --no-warn-rwx-segments -N -e 0x10000 -Ttext 0x10000 --unresolved-symbols=ignore-all -o $$to $$f && \
		ia64-linux-gnu-strip -o $$to-stripped $$to || exit 1; done
.PHONY: fuzz-pip
fuzz-pip: $(PIP_B)/fuzz $(PIP_B)/corpus-x86_64 $(PIP_B)/corpus-ia64 ## damaged ELF files for `switchlab pip`, FUZZ_SECONDS=600 for each architecture, ASan and UBSan
	for arch in x86_64 ia64; do $(PIP_B)/fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=40000 -artifact_prefix=$(PIP_B)/ -print_final_stats=1 -verbosity=0 $(PIP_B)/corpus-$$arch || exit 1; done
bench-pip: $(B)/switchlab ## how long `switchlab pip` takes: one function, a file of 10 MB
	@tests/pip/bench_pip.sh $(B)/switchlab tests/pip/programs/integers.c
.PHONY: bench-pip
$(PIP_B)/exact: tests/pip/programs/exact.S | prepared
	@mkdir -p $(@D)
	@$(CC) -o $@ $<
tests-units: programs $(B)/tests/pip/prove_ia64 $(B)/tests/pip/prove $(B)/tests/pip/emitted $(PIP_BUILT) $(PIP_B)/exact
