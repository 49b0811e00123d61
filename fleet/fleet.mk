# Campaigns beyond one machine: fleet/ has a script for each way.

CAMPAIGN ?= --arch $(ARCH) --interrupts 2
DIR      ?= $(RESULTS)/campaign

.PHONY: fleet fleet-bench test-fleet fleet-scaling
fleet: $(PROGRAM) $(if $(findstring ia64,$(CAMPAIGN)),worlds) ## a campaign: ENGINE=slurm, parallel (HOSTS=...) or local; CAMPAIGN="--arch ia64 --interrupts 3 --sample 100000" DIR=... SHARDS=64
	@B=$(B) fleet/$(or $(ENGINE),local).sh $(DIR) $(CAMPAIGN)
fleet-bench: $(PROGRAM) ## times on one exclusive Slurm node of each hardware class: CLASSES="zen4 icelake"
	@B=$(B) fleet/bench.sh $(RESULTS)/fleet $(BENCH)
test-fleet: $(PROGRAM) worlds $(B)/tests/harness/test_campaign ## campaigns on a real Slurm of four emulated nodes and over a loopback sshd: a node is killed, a host fails
	@$(run_tests) $(B)/tests/harness/test_campaign $(wildcard tests/fleet/*.sh)
fleet-scaling: $(PROGRAM) worlds ## 1 core against all, and what a shard costs: figures for docs/fleet.md (two minutes on a quiet machine)
	@B=$(B) fleet/scaling.sh
