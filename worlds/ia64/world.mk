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
$(B)/engines/ia64sim/%.o $(B)/engines/ski.o $(B)/tools/ia64pairs.o $(B)/tests/engines/ia64sim/%: CPPFLAGS += -Iengines/ia64 -DIA64_WORLDS='"$(WORLDS_B)"'

.PHONY: worlds
worlds: $(WORLDS)
assemble = $(call quiet,as)$(WORLD_CPP) $(1) $< -o $(@:.o=.s) && $(WORLD_AS) -o $@ $(@:.o=.s)
$(WORLDS_B)/switch-%-masked.o: switchers/ia64/%.S $(WORLD_DEPS) | prepared
	@mkdir -p $(@D)
	$(call assemble,-DMASKED=1)
$(WORLDS_B)/switch-%-none.o: switchers/ia64/%.S $(WORLD_DEPS) | prepared
	@mkdir -p $(@D)
	$(call assemble,-DMASKED=0)
$(WORLDS_B)/%.o: worlds/ia64/%.S $(WORLD_DEPS) | prepared
	@mkdir -p $(@D)
	$(call assemble)
$(WORLDS_B)/%.elf: $(WORLDS_B)/switch-%.o $(WORLD_OBJ) worlds/ia64/world.lds
	@ia64-linux-gnu-ld -T worlds/ia64/world.lds -o $@ $(WORLD_OBJ) $<

$(B)/ia64pairs: $(B)/tools/ia64pairs.o $(filter-out $(B)/harness/main.o,$(OBJECTS))
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
