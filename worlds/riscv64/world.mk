# The riscv64 world: supervisor and user mode of QEMU's virt machine. Without compressed instructions: all have one size.
WORLD_MASK_riscv64   := sie
WORLD_TARGET_riscv64 := $(if $(filter riscv64,$(HOST)),$(CC),riscv64-linux-gnu-gcc)
WORLD_CC_riscv64     := $(WORLD_TARGET_riscv64) -march=rv64ima_zicsr_zifencei -mabi=lp64 -mcmodel=medany -fno-pic -fno-pie -mno-relax -msmall-data-limit=0
WORLD_LD_riscv64     := $(WORLD_TARGET_riscv64) -march=rv64ima_zicsr_zifencei -mabi=lp64 -nostdlib -static -no-pie -Wl,--build-id=none,-z,max-page-size=4096,-z,noexecstack,--no-warn-rwx-segments,--no-relax

.PHONY: world-tools-riscv64
world-tools-riscv64: | prepared
	@command -v $(WORLD_TARGET_riscv64) >/dev/null || { echo "the riscv64 world: skipped: no $(WORLD_TARGET_riscv64): install the package gcc-riscv64-linux-gnu (make deps bench ARCH=riscv64)" >&2; exit 77; }
$(eval $(call world,riscv64))
tests-kernel-worlds: $(if $(shell command -v $(WORLD_TARGET_riscv64)),worlds-riscv64)
