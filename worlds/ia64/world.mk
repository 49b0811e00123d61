# The IA-64 world: one bare-metal ELF a switcher and mask, the same for the simulator and for Ski.

WORLDS_B   := $(B)/worlds/ia64
WORLD_AS   := ia64-linux-gnu-as -xexplicit --fatal-warnings
WORLD_CPP  := cpp -P -D__ASSEMBLER__ -undef -I. -Iworlds/ia64
WORLD_DEPS := $(wildcard worlds/ia64/*.inc switchers/ia64/*.inc switchers/ia64/*.h switchers/registers/ia64.*)
WORLD_OBJ  := $(patsubst worlds/ia64/%.S,$(WORLDS_B)/%.o,$(wildcard worlds/ia64/*.S))
WORLD_SWITCHERS := $(basename $(notdir $(wildcard switchers/ia64/*.S)))
WORLDS     := $(foreach s,$(WORLD_SWITCHERS),$(WORLDS_B)/$(s)-masked.elf $(WORLDS_B)/$(s)-none.elf)

# a switcher's file is its assembly and, as C, its descriptor
WORLD_DESCRIPTORS := $(WORLD_SWITCHERS:%=$(B)/switchers/ia64/%.o)
OBJECTS += $(WORLD_DESCRIPTORS) $(IA64_LIB)
$(WORLD_DESCRIPTORS): $(B)/switchers/ia64/%.o: switchers/ia64/%.S | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) -x c -c -o $@ $<
$(B)/engines/ia64sim/%.o $(B)/engines/ski.o $(B)/tests/engines/ia64sim/%: CPPFLAGS += -Iengines/ia64 -DIA64_WORLDS='"$(abspath $(WORLDS_B))"'

.PHONY: worlds world-tools
worlds: $(WORLDS)
world-tools: | prepared
	@command -v ia64-linux-gnu-as >/dev/null || { echo "the IA-64 world: skipped: no ia64-linux-gnu-as: install the package binutils-ia64-linux-gnu (make deps bench ARCH=ia64)" >&2; exit 77; }
assemble = $(call quiet,as)$(WORLD_CPP) $(1) $< -o $(@:.o=.s) && $(WORLD_AS) -o $@ $(@:.o=.s)
$(WORLDS_B)/switch-%-masked.o: switchers/ia64/%.S $(WORLD_DEPS) | world-tools
	@mkdir -p $(@D)
	$(call assemble,-DMASKED=1)
$(WORLDS_B)/switch-%-none.o: switchers/ia64/%.S $(WORLD_DEPS) | world-tools
	@mkdir -p $(@D)
	$(call assemble,-DMASKED=0)
$(WORLDS_B)/%.o: worlds/ia64/%.S $(WORLD_DEPS) | world-tools
	@mkdir -p $(@D)
	$(call assemble)
$(WORLDS_B)/%.elf: $(WORLDS_B)/switch-%.o $(WORLD_OBJ) worlds/ia64/world.lds
	@ia64-linux-gnu-ld --no-warn-rwx-segments -T worlds/ia64/world.lds -o $@ $(WORLD_OBJ) $<

WORLD_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/engines/ia64sim/test_*.c))
$(WORLD_TESTS): $(B)/tests/engines/ia64sim/%: tests/engines/ia64sim/%.c tests/engines/ia64sim/worlds.c $$(LIBRARY) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) -lcmocka $(LIBS)

.PHONY: pairs-ia64 map-ski
pairs-ia64: $(PROGRAM) worlds
	@rm -rf $(RESULTS)/pairs-ia64
	@B=$(B) fleet/local.sh $(RESULTS)/pairs-ia64 --arch ia64 --interrupts 2
map-ski: $(PROGRAM) $(B)/ia64sim worlds ## every boundary of pip and scratch on Ski too: the same losses, the same output (a minute); WORLD="full-none ...": others
	@B=$(B) tools/map-ski.sh $(WORLD)
TESTS_worlds := $(WORLD_TESTS)
tests-worlds: $(PROGRAM) $(WORLD_TESTS) worlds
test-worlds: tests-worlds ## the IA-64 world and its engine: claims, checks and bad input
	@$(run_tests) $(TESTS_worlds)
