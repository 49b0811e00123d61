# Figures over time: what must not change, what this machine's noise is, and how well the comparison itself does. Included by the
# Makefile; docs/compare.md and docs/ci.md.

# Exact figures of the lab's own switchers. Left out: peers on this CPU, whose instructions are their library's and change with its
# version; xsave and its kin, whose bytes are what this CPU and OS have enabled.
NATIVE_PEERS  := $(basename $(notdir $(wildcard switchers/peers/*.c)))
EXACT_OTHERS  := $(subst $() ,|,$(strip $(NATIVE_PEERS)))|full+xsave*
EXACT_$(HOST)  = --experiment '@(pingpong|pressure)' --quick --switcher '!($(EXACT_OTHERS))'
EXACT_simple   = --arch simple
EXACT_ia64     = --arch ia64 --engine ia64sim --quick
EXACT_ARCHES  := $(HOST) simple ia64
EXACT_RECORDS := $(EXACT_ARCHES:%=$(B)/exact-%.jsonl)

.PHONY: regress baseline
$(EXACT_RECORDS): $(B)/exact-%.jsonl: $(PROGRAM) worlds always
	@rm -f $@
	@$(B)/switchlab run --exact --seed 1 $(EXACT_$*) --out $@ >$(@:.jsonl=.log) 2>&1 || { cat $(@:.jsonl=.log); false; }
regress: $(EXACT_RECORDS) ## exact figures against results/baseline: any change fails; times advise, GATE=time: they fail too
	@GATE=$(GATE) ANNOTATE=$(ANNOTATE) tools/regress.sh $(B) $(RESULTS) $(EXACT_RECORDS)
baseline: $(EXACT_RECORDS) ## renew results/baseline (to be committed) and this machine's times from the program as it is
	@tools/baseline.sh $(B) $(RESULTS) $(EXACT_RECORDS)

.PHONY: accuracy
accuracy: $(B)/switchlab ## this clock against published latencies and throughputs of this CPU's core
	@$(B)/switchlab accuracy docs/accuracy.tsv
