# User-mode switchers of other architectures: their contracts are compiled into the program, their code into a target program for
# each architecture, which the qemu-user engine runs.

GUESTS       := $(filter-out $(HOST),aarch64 riscv64)
guest_files   = $(wildcard switchers/full/$(1)*.c switchers/scratch/$(1)*.c switchers/pip/$(1)*.c)
SWITCHERS    += $(foreach a,$(GUESTS),switchers/registers/$(a).c $(call guest_files,$(a)))
GUEST_SOURCES = engines/qemu_user/target/main.c harness/kernel.c harness/switcher.c switchers/registers/$(1).c switchers/registers/$(1)-check.c $(call guest_files,$(1))
$(B)/engines/qemu_user/target.o: CPPFLAGS += -DQEMU_USER_TARGETS='"$(abspath $(B))"'

define guest_rules
$(B)/$(1)/target: $(call GUEST_SOURCES,$(1)) $(wildcard harness/*.h harness/kernels.inc switchers/registers/$(1)* switchers/registers/sides.* switchers/registers/rows.h switchers/*/$(1)*.inc switchers/*/link.inc) | prepared
	@command -v $(1)-linux-gnu-gcc >/dev/null || { echo "$(1) user mode: skipped: no $(1)-linux-gnu-gcc: install the package gcc-$(1)-linux-gnu (make deps bench ARCH=$(1))" >&2; exit 77; }
	@mkdir -p $$(@D)
	$$(call quiet,cc)$(1)-linux-gnu-gcc -I. -D_GNU_SOURCE -std=gnu11 $(WARNINGS) -O2 -g -static -no-pie -fno-pie -o $$@ $$(filter %.c,$$^)
.PHONY: bench-$(1)
bench-$(1): $$(PROGRAM) $(B)/$(1)/target $(if $(wildcard worlds/$(1)/world.mk),worlds-$(1))
	$(B)/switchlab run --arch '$(1)?(-kernel)' --results $(RESULTS) $$(BENCH)
	$(if $(wildcard worlds/$(1)/world.mk),SWITCHLAB=$(B)/switchlab plots/map.sh $(RESULTS)/latest.jsonl $(RESULTS) map-$(1)-kernel)
endef
$(foreach a,$(GUESTS),$(eval $(call guest_rules,$(a))))
# the test runs them where they can be built
$(B)/tests/engines/test_qemu_user: $(foreach a,$(GUESTS),$(if $(shell command -v $(a)-linux-gnu-gcc),$(B)/$(a)/target))
