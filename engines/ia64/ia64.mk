# The IA-64 simulator: a library of objects and the program ia64sim, which stands on its own.

IA64_B     := $(B)/ia64
IA64_FLAGS  = $(FLAGS) -D_GNU_SOURCE -Iengines/ia64 -MMD -MP
IA64_OBJ   := $(patsubst engines/ia64/%.c,$(IA64_B)/%.o,$(wildcard engines/ia64/*.c))
# handlers are found by weak symbols: objects are linked as they are, not out of an archive
IA64_LIB   := $(filter-out $(IA64_B)/ia64sim.o,$(IA64_OBJ))
IA64_TESTS := $(patsubst tests/engines/ia64/%.c,$(IA64_B)/tests/%,$(wildcard tests/engines/ia64/test_*.c))

$(B)/ia64sim: $(IA64_OBJ)
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ -ljansson
$(IA64_B)/ia64sim: $(B)/ia64sim
	@ln -sf ../ia64sim $@
$(IA64_B)/%.o: engines/ia64/%.c | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(IA64_FLAGS) -c -o $@ $<
$(IA64_B)/tests/%: tests/engines/ia64/%.c $(IA64_LIB) | $(IA64_B)/ia64sim prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(IA64_FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) -lcmocka -ljansson -lm

include tests/engines/ia64/trust.mk

.PHONY: bench-copy
TESTS_ia64 := $(addprefix tests/engines/ia64/,ski.sh programs.sh) $(IA64_TESTS)
tests-ia64: $(IA64_TESTS) $(IA64_B)/compare_ski programs
test-ia64: tests-ia64 ## the simulator's tests alone
	@$(run_tests) $(TESTS_ia64)
$(IA64_B)/bench_copy: tests/engines/ia64/bench_copy.c $(IA64_LIB) | prepared
	$(call quiet,cc)$(CC) $(IA64_FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) -ljansson
bench-copy: $(IA64_B)/bench_copy programs ## cost of a copy and of an injected interrupt
	$(IA64_B)/bench_copy $(IA64_B)/programs/timer.elf

-include $(wildcard $(IA64_B)/*.d $(IA64_B)/tests/*.d)
