# Figures over time: what must not change, what this machine's noise is, and how well the comparison itself does. Included by the
# Makefile; docs/compare.md and docs/ci.md.

# Exact figures of the lab's own switchers. Left out: peers on this CPU, whose instructions are their library's and change with its
# version; xsave and its kin, whose bytes are what this CPU and OS have enabled.
NATIVE_PEERS  := $(basename $(notdir $(wildcard switchers/peers/*.c)))
EXACT_OTHERS  := $(subst $() ,|,$(strip $(NATIVE_PEERS)))|full+xsave*
EXACT_$(HOST)  = --arch $(HOST) --engine native --experiment '@(pingpong|pressure|mask)' --quick --switcher '!($(EXACT_OTHERS))'
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

# ---- how well the comparison itself does; each takes minutes on a quiet machine ----

# programs that differ from the lab in one switcher, in all layouts
SENSITIVITY      := base slower longer
SENSITIVITY_pip  := $(B)/switchers/pip/$(HOST).o
SENSITIVITY_ALL  := $(foreach v,$(SENSITIVITY),$(B)/sensitivity/$(v)/switchlab $(LAYOUTS:%=$(B)/sensitivity/$(v)/switchlab.%))
$(B)/sensitivity/base.o:   VARIANT = -DBASE
$(B)/sensitivity/slower.o: VARIANT = -DSLOWER
$(B)/sensitivity/longer.o: VARIANT = -DLONGER
$(SENSITIVITY:%=$(B)/sensitivity/%.o): tests/sensitivity/$(HOST).c switchers/pip/$(HOST).inc | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(VARIANT) -c -o $@ $<
define sensitivity_program
$(B)/sensitivity/$(1)/switchlab: $(B)/sensitivity/$(1).o $(filter-out $(SENSITIVITY_pip),$(OBJECTS))
	@mkdir -p $$(@D)
	$$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $$@ $$^ $(LIBS)
$(B)/sensitivity/$(1)/switchlab.%: $(B)/pad.%.o $(B)/sensitivity/$(1).o $(filter-out $(SENSITIVITY_pip),$(OBJECTS))
	@mkdir -p $$(@D)
	$$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $$@ $$^ $(LIBS)
endef
$(foreach v,$(SENSITIVITY),$(eval $(call sensitivity_program,$(v))))

.PHONY: aa sensitivity
aa: $(PROGRAM) ## TRIES=200 comparisons of the program with itself: at most 1% false alarms (10 minutes)
	@tools/aa.sh $(B)
sensitivity: $(SENSITIVITY_ALL) ## a switcher one core cycle slower is caught in 99% of TRIES=100, one instruction more always (10 minutes)
	@tools/sensitivity.sh $(B)

# ---- bad input ----

$(B)/tests/records/mutate: tests/records/mutate.c | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) -o $@ $< -ljansson
.PHONY: corpus
corpus: $(B)/switchlab $(B)/tests/records/mutate ## COUNT=1000 mutated records through every command that reads one; SANITIZE=address,undefined B=build-sanitize
	@$(if $(SANITIZE),,echo "corpus: without a sanitizer: make corpus SANITIZE=address,undefined B=build-sanitize" >&2;) tests/records/corpus.sh $(B)/switchlab $(B)/tests/records/mutate
