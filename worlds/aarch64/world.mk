# The aarch64 world: EL1 and EL0 of QEMU's virt machine.
WORLD_MASK_aarch64   := daif
WORLD_TARGET_aarch64 := $(if $(filter aarch64,$(HOST)),$(CC),aarch64-linux-gnu-gcc)
WORLD_CC_aarch64     := $(WORLD_TARGET_aarch64) -march=armv8-a -fno-pic -fno-pie -mgeneral-regs-only -mstrict-align -mno-outline-atomics
WORLD_LD_aarch64     := $(WORLD_TARGET_aarch64) -nostdlib -static -no-pie -Wl,--build-id=none,-z,max-page-size=4096,-z,noexecstack,--no-warn-rwx-segments

.PHONY: world-tools-aarch64
world-tools-aarch64: | prepared
	@command -v $(WORLD_TARGET_aarch64) >/dev/null || { echo "the aarch64 world: skipped: no $(WORLD_TARGET_aarch64): install the package gcc-aarch64-linux-gnu (make deps bench ARCH=aarch64)" >&2; exit 77; }
$(eval $(call world,aarch64))
tests-kernel-worlds: $(if $(shell command -v $(WORLD_TARGET_aarch64)),worlds-aarch64)
