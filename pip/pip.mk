# switchlab pip: the analysis, its tests and its campaigns.

OBJECTS += $(patsubst %.c,$(B)/%.o,$(wildcard pip/*.c pip/x86_64/*.c))
LIBS    += -lelf

PIP_B     := $(B)/pip-test
PIP_C     := $(wildcard tests/pip/programs/*.c)
PIP_BUILT := $(foreach cc,gcc clang,$(foreach o,0 1 2 3,$(patsubst tests/pip/programs/%.c,$(PIP_B)/%-$(cc)-O$(o),$(PIP_C))))
define pip_programs
$$(PIP_B)/%-$(1)-O$(2): tests/pip/programs/%.c | prepared
	@mkdir -p $$(@D)
	$$(call quiet,$(1))$(1) -std=gnu11 -w -fexceptions -O$(2) -o $$@ $$< -lm -lpthread
endef
$(foreach cc,gcc clang,$(foreach o,0 1 2 3,$(eval $(call pip_programs,$(cc),$(o)))))

$(B)/tests/pip/prove: tests/pip/prove.c tests/pip/tracee.c $(filter-out $(B)/harness/main.o,$(OBJECTS)) | prepared
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS)
.PHONY: pip-proof
pip-proof: $(B)/tests/pip/prove $(PIP_BUILT) ## switchlab pip, proved: every PIP of the test programs, and an oracle
	$(B)/tests/pip/prove --pips 0 $(PIP_BUILT)
test-units: $(B)/tests/pip/prove $(PIP_BUILT)

# switchers that --emit writes, in a program of their own
PIP_POINTS := integers flags vectors x87 wide end
$(PIP_B)/points: tests/pip/points.S | prepared
	@mkdir -p $(@D)
	@$(CC) -o $@ $<
$(PIP_B)/emitted-%.c: $(B)/switchlab $(PIP_B)/points
	@mkdir -p $(@D)
	$(call quiet,emit)$(B)/switchlab pip --emit $(PIP_B)/points at_$* >$@
$(PIP_B)/emitted-%.o: $(PIP_B)/emitted-%.c
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(filter-out -fsanitize%,$(FLAGS)) -c -o $@ $<
$(B)/tests/pip/emitted: $(PIP_POINTS:%=$(PIP_B)/emitted-%.o) $(OBJECTS)
	@mkdir -p $(@D)
	$(call quiet,link)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
test-units: $(B)/tests/pip/emitted
