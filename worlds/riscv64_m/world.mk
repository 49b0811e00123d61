# The riscv64 world with a host in machine mode: the text of worlds/riscv64 with that mode's registers.
WORLD_MASK_riscv64_m   := mie
WORLD_CC_riscv64_m     := $(WORLD_CC_riscv64)
WORLD_LD_riscv64_m     := $(WORLD_LD_riscv64)

.PHONY: world-tools-riscv64_m
world-tools-riscv64_m: world-tools-riscv64
$(eval $(call world,riscv64_m))
WORLD_SHARED_riscv64_m := $(wildcard worlds/riscv64/*.[chS])
$(WORLD_OBJECTS_riscv64_m): $(WORLD_SHARED_riscv64_m)
tests-kernel-worlds: $(if $(shell command -v $(WORLD_TARGET_riscv64)),worlds-riscv64_m)
