# The IA-64 worlds: one bare-metal ELF for each switcher of switchers/ia64 and each mask, from the same parts. And what the
# program takes of them: each switcher's file is also C, its descriptor.

WORLD_B      := $(B)/worlds/ia64
WORLD_TOOLS  := ia64-linux-gnu-
WORLD_NAMES  := $(basename $(notdir $(wildcard switchers/ia64/*.S)))
WORLDS       := $(foreach s,$(WORLD_NAMES),$(WORLD_B)/$(s)-masked.elf $(WORLD_B)/$(s)-none.elf)
WORLD_PARTS  := $(patsubst worlds/ia64/%.S,$(WORLD_B)/%.o,$(wildcard worlds/ia64/*.S))
WORLD_TEXTS  := $(wildcard worlds/ia64/*.inc switchers/ia64/*.inc switchers/ia64/*.h switchers/registers/ia64.*)
WORLD_SIM    := $(patsubst engines/ia64/%.c,$(B)/ia64/%.o,$(filter-out %/ia64sim.c,$(wildcard engines/ia64/*.c)))
WORLD_ENGINE := $(patsubst %.c,$(B)/%.o,$(wildcard engines/ia64sim/*.c) switchers/registers/ia64.c)
OBJECTS      += $(WORLD_NAMES:%=$(B)/switchers/ia64/%.o) $(WORLD_ENGINE) $(WORLD_SIM)

# ---- assembling; a missing stop bit is an error ----

world_cpp = $(CC) -E -P -undef -x assembler-with-cpp -I. -Iworlds/ia64
world_as  = $(WORLD_TOOLS)as -xexplicit --fatal-warnings
define assemble_world
@mkdir -p $(@D)
$(call quiet,as)$(world_cpp) $(1) -o $(@:.o=.s) $< && $(world_as) -o $@ $(@:.o=.s)
endef

$(WORLD_B)/%.o: worlds/ia64/%.S $(WORLD_TEXTS) | world-tools
	$(call assemble_world,)
$(WORLD_B)/switch-%-masked.o: switchers/ia64/%.S $(WORLD_TEXTS) | world-tools
	$(call assemble_world,-DMASKED=1)
$(WORLD_B)/switch-%-none.o: switchers/ia64/%.S $(WORLD_TEXTS) | world-tools
	$(call assemble_world,-DMASKED=0)
$(WORLD_B)/%.elf: $(WORLD_B)/switch-%.o $(WORLD_PARTS) worlds/ia64/world.lds
	$(call quiet,link)$(WORLD_TOOLS)ld --no-warn-rwx-segments -T worlds/ia64/world.lds -o $@ $(WORLD_PARTS) $<

.PHONY: worlds world-tools
worlds: $(WORLDS) ## build the IA-64 worlds
world-tools: | prepared
	@command -v $(WORLD_TOOLS)as >/dev/null && command -v $(WORLD_TOOLS)ld >/dev/null || { \
	    echo "worlds: skipped: no $(WORLD_TOOLS)as and ld to build them; install the package binutils-ia64-linux-gnu (make deps worlds)" >&2; exit 77; }

# ---- the program's part ----

$(B)/engines/ia64sim/stage.o: CPPFLAGS += -DIA64_WORLDS='"$(abspath $(WORLD_B))"'
$(B)/switchers/ia64/%.o: switchers/ia64/%.S | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) -x c -c -o $@ $<

# ---- all pairs of interrupts: minutes; PAIRS='--switcher pip --shard 0/4' does a part ----

$(B)/ia64pairs: $(B)/tools/ia64pairs.o $(filter-out $(B)/harness/main.o,$(OBJECTS))
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
.PHONY: pairs pairs-ia64
pairs: pairs-$(ARCH) ## ARCH=ia64: two interrupts at every pair of boundaries (a minute)
pairs-ia64: $(B)/ia64pairs $(WORLDS)
	$(B)/ia64pairs $(PAIRS)

# ---- tests ----

WORLD_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/engines/ia64sim/test_*.c))
$(WORLD_TESTS): $(B)/tests/%: tests/%.c tests/engines/ia64sim/worlds.c $(filter-out $(B)/harness/main.o,$(OBJECTS)) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) -lcmocka $(LIBS)
.PHONY: test-worlds
test-worlds: $(WORLD_TESTS) $(WORLDS) ## the tests of the IA-64 worlds alone
	@B=$(B) tools/test.sh $(WORLD_TESTS)

-include $(wildcard $(B)/tools/*.d)
