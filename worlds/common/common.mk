# Worlds: one freestanding ELF an architecture, switcher and mask, of the files in worlds/common, those of worlds/<arch> and one
# switcher. An architecture's world.mk says what differs:
#   WORLD_CC_<arch>     the compiler with its flags, for C and assembly
#   WORLD_LD_<arch>     the linker: a command that takes -T SCRIPT -o FILE OBJECTS
#   WORLD_MASK_<arch>   what its masked form is called in file names: cli, daif, sie
# and ends with $(eval $(call world,<arch>)).

WORLD_FLAGS := -std=gnu11 -O2 -g -ffreestanding -fno-builtin -fno-stack-protector -fno-pic -fno-pie -fno-asynchronous-unwind-tables \
               -fno-strict-aliasing -fomit-frame-pointer $(WARNINGS)
$(B)/engines/world/%.o: CPPFLAGS += -DWORLDS='"$(abspath $(B)/worlds)"'
WORLD_COMMON := $(wildcard worlds/common/*.c)

# the switchers of an architecture: switchers/<kind>/<arch>-kernel[-VARIANT].S; their names are <kind>[+VARIANT]
world_sources = $(foreach k,full scratch pip,$(wildcard switchers/$(k)/$(1)-kernel*.S))
world_name    = $(basename $(subst /$(1)-kernel-,+,$(subst /$(1)-kernel.S,.S,$(2:switchers/%=%))))

# world_elf ARCH, SOURCE, MASK, MASKED
define world_elf
WORLDS_$(1) += $(B)/worlds/$(1)/$(call world_name,$(1),$(2))-$(3).elf
$(B)/worlds/$(1)/switch-$(call world_name,$(1),$(2))-$(3).o: $(2) $$(WORLD_DEPS_$(1)) | world-tools-$(1)
	@mkdir -p $$(@D)
	$$(call quiet,as)$$(WORLD_CC_$(1)) -I. -Iworlds/$(1) -DMASKED=$(4) -c -o $$@ $$<
$(B)/worlds/$(1)/$(call world_name,$(1),$(2))-$(3).elf: $(B)/worlds/$(1)/switch-$(call world_name,$(1),$(2))-$(3).o $$(WORLD_OBJECTS_$(1)) worlds/$(1)/world.lds
	$$(call quiet,link)$$(WORLD_LD_$(1)) -T worlds/$(1)/world.lds -o $$@ $$(filter %.o,$$^)
endef
define newline


endef

define world
WORLDS_$(1) :=
WORLD_B_$(1) := $$(B)/worlds/$(1)
WORLD_DEPS_$(1) := $$(wildcard worlds/common/*.h worlds/$(1)/*.h worlds/$(1)/*.inc switchers/registers/$(1)*) worlds/$(1)/world.mk worlds/common/common.mk
WORLD_OBJECTS_$(1) := $$(WORLD_COMMON:%.c=$$(WORLD_B_$(1))/%.o) $$(patsubst worlds/$(1)/%,$$(WORLD_B_$(1))/%.o,$$(basename $$(wildcard worlds/$(1)/*.S worlds/$(1)/*.c)))
WORLD_DESCRIPTORS_$(1) := $$(patsubst %.S,$$(B)/%.o,$$(call world_sources,$(1)))
OBJECTS += $$(WORLD_DESCRIPTORS_$(1))

# a switcher's file is its assembly and, as C, its descriptors
$$(WORLD_DESCRIPTORS_$(1)): $$(B)/%.o: %.S | prepared
	@mkdir -p $$(@D)
	$$(call quiet,cc)$$(CC) $$(CPPFLAGS) $$(FLAGS) -x c -c -o $$@ $$<
$$(WORLD_B_$(1))/worlds/common/%.o: worlds/common/%.c $$(WORLD_DEPS_$(1)) | world-tools-$(1)
	@mkdir -p $$(@D)
	$$(call quiet,cc)$$(WORLD_CC_$(1)) $$(WORLD_FLAGS) -I. -Iworlds/$(1) -c -o $$@ $$<
$$(WORLD_B_$(1))/%.o: worlds/$(1)/%.c $$(WORLD_DEPS_$(1)) | world-tools-$(1)
	@mkdir -p $$(@D)
	$$(call quiet,cc)$$(WORLD_CC_$(1)) $$(WORLD_FLAGS) -I. -Iworlds/$(1) -c -o $$@ $$<
$$(WORLD_B_$(1))/%.o: worlds/$(1)/%.S $$(WORLD_DEPS_$(1)) | world-tools-$(1)
	@mkdir -p $$(@D)
	$$(call quiet,as)$$(WORLD_CC_$(1)) -I. -Iworlds/$(1) -c -o $$@ $$<
$(foreach s,$(call world_sources,$(1)),$(call world_elf,$(1),$(s),$(WORLD_MASK_$(1)),1)$(newline)$(call world_elf,$(1),$(s),none,0)$(newline))
.PHONY: worlds-$(1) bench-$(1)-kernel
worlds-$(1): $$(WORLDS_$(1))
bench-$(1)-kernel: $$(PROGRAM) worlds-$(1)
	$$(B)/switchlab run --arch $(1)-kernel --engine '$$(or $$(ENGINE),@(qemu|kvm))' --results $$(RESULTS) $$(BENCH)
	SWITCHLAB=$$(B)/switchlab plots/map.sh $$(RESULTS)/latest.jsonl $$(RESULTS) map-$(1)-kernel
	$(if $(filter $(1),$(HOST)),@$$(B)/switchlab vmexit || [ $$$$? = 77 ])
endef


# every architecture's world in one record, and one figure of them
WORLD_ALL := $(patsubst worlds/%/world.mk,worlds-%,$(filter-out worlds/ia64/world.mk,$(wildcard worlds/*/world.mk)))
.PHONY: bench-all
bench-all: $(PROGRAM) worlds $(WORLD_ALL) ## every architecture's world, and one figure that compares them
	$(B)/switchlab run --arch '@(simple|ia64|*-kernel)' --engine '@(simple|ia64sim|qemu)' --experiment '@(worldswitch|interruption)' --quick --results $(RESULTS)
	SWITCHLAB=$(B)/switchlab plots/architectures.sh $(RESULTS)/latest.jsonl $(RESULTS)

# tests of the engines for worlds and of every world that can be built here
KERNEL_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/engines/world/test_*.c))
TESTS_kernel-worlds := $(KERNEL_TESTS) $(wildcard tests/engines/world/*.sh)
.PHONY: injection-rate
tests-kernel-worlds: $(PROGRAM) $(KERNEL_TESTS) worlds-x86_64
test-kernel-worlds: tests-kernel-worlds ## the kernel-mode worlds: contract, every boundary, mutants, bad input
	@$(run_tests) $(TESTS_kernel-worlds)
injection-rate: $(B)/tests/engines/world/test_world worlds-x86_64 ## interrupts a second under QEMU, by the clock and of processor time: 50,000 of the latter or more
	@INJECTION_RATE=50000 $< injections_are_fast
