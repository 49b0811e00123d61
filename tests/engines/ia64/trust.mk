# What the trust in engines/ia64 rests on; included by the Makefile. IA64_B: its part of the build folder.

T := tests/engines/ia64
IA64_AS := ia64-linux-gnu-as -xauto
IA64_LD := ia64-linux-gnu-ld --no-warn-rwx-segments -z max-page-size=4096 -z common-page-size=4096
PROGRAM_ELFS := $(patsubst $(T)/programs/%.S,$(IA64_B)/programs/%.elf,$(wildcard $(T)/programs/*.S))
ITERS_sp_int := 40000000
ITERS_sp_spill := 280000
SIM_SOURCES = $(IA64_LIB:$(IA64_B)/%.o=engines/ia64/%.c)
FUZZ_SECONDS ?= 600
COMPARE ?= 10000000
CLANG := clang

$(IA64_B)/programs/%.elf: $(T)/programs/%.S $(T)/programs/rt.inc $(T)/programs/ld.lds | prepared
	@mkdir -p $(@D)
	$(call quiet,as)$(IA64_AS) -I $(T)/programs --defsym ITERS=$(or $(ITERS_$*),1) -o $(@:.elf=.o) $< 2>$(@:.elf=.log)
	@$(IA64_LD) -T $(T)/programs/ld.lds -o $@ $(@:.elf=.o)

$(IA64_B)/compare_ski: $(T)/compare_ski.c $(T)/ski_state.c $(T)/random_stream.c $(T)/random_text.c $(wildcard $(T)/*.h) $(IA64_LIB) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(IA64_FLAGS) -I$(T) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) -ljansson

.PHONY: programs test-programs compare-ski count-ski fuzz coverage bench-sim
programs: $(PROGRAM_ELFS)

test-programs: $(IA64_B)/ia64sim programs ## programs with golden outputs and exact instruction counts
	@$(run_tests) $(T)/programs.sh

compare-ski: $(IA64_B)/compare_ski ## COMPARE=10000000 random instructions on Ski and on ours, full states compared
	$(IA64_B)/compare_ski -n $(COMPARE)

count-ski: programs ## instruction counts of bski -icnt on every program equal the recorded ones
	@ski=$${SKI:-$$(command -v bski)}; [ -n "$$ski" ] || { echo "skipped: no bski"; exit 77; }; \
	COUNT=ski $(T)/run_programs.sh "$$ski -noconsole -nonet" $(IA64_B)/programs

$(IA64_B)/fuzz_%: $(T)/fuzz_%.c $(SIM_SOURCES) $(wildcard engines/ia64/*.h engines/ia64/*.def) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CLANG) -std=gnu11 -D_GNU_SOURCE -Iengines/ia64 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^) -ljansson

# seeds of the corpora: the code of the programs, and the programs
$(IA64_B)/corpus: $(PROGRAM_ELFS)
	@mkdir -p $@/program $@/elf
	cp $(PROGRAM_ELFS) $@/elf
	for f in $(PROGRAM_ELFS); do printf '\174' >$@/program/$$(basename $$f .elf); \
		ia64-linux-gnu-objcopy -O binary -j .text $$f /dev/stdout | tail -c +32769 | head -c 4000 >>$@/program/$$(basename $$f .elf); done

fuzz: $(IA64_B)/fuzz_program $(IA64_B)/fuzz_elf $(IA64_B)/corpus ## random bytes as program and as ELF file, FUZZ_SECONDS=600 each, ASan and UBSan
	$(IA64_B)/fuzz_program -max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=4096 -artifact_prefix=$(IA64_B)/ -print_final_stats=1 -verbosity=0 $(IA64_B)/corpus/program
	$(IA64_B)/fuzz_elf -max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=70000 -artifact_prefix=$(IA64_B)/ -print_final_stats=1 -verbosity=0 $(IA64_B)/corpus/elf

coverage: programs ## line coverage of engines/ia64 by the tests, printed
	$(T)/coverage.sh $(B)-coverage

bench-sim: $(IA64_B)/ia64sim programs ## instructions per second, beside Ski's when it is there
	$(T)/bench_sim.sh $(IA64_B)/ia64sim $(IA64_B)/programs
