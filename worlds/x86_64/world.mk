# The x86-64 world: ring 0, 1 and 3, booted as PVH or by the lab's own runner.
WORLD_MASK_x86_64 := cli
WORLD_TARGET_x86_64 := $(if $(filter x86_64,$(HOST)),$(CC),x86_64-linux-gnu-gcc)
WORLD_CC_x86_64 = $(WORLD_TARGET_x86_64) -mno-red-zone -mgeneral-regs-only -fcf-protection=none
WORLD_LD_x86_64 = $(WORLD_TARGET_x86_64) -nostdlib -static -no-pie -Wl,--build-id=none,-z,max-page-size=4096,-z,noexecstack,--no-warn-rwx-segments

.PHONY: world-tools-x86_64
world-tools-x86_64: | prepared
	@command -v $(firstword $(WORLD_TARGET_x86_64)) >/dev/null || { echo "the x86-64 world: skipped: no $(firstword $(WORLD_TARGET_x86_64)): install the package gcc-x86-64-linux-gnu (make deps bench ARCH=x86_64 MODE=kernel)" >&2; exit 77; }
$(eval $(call world,x86_64))
