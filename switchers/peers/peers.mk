# peers.mk: peers whose sources are not packaged. PEERS_DIR holds clones of any of
#   minicoro/  github.com/edubart/minicoro
#   libaco/    github.com/hnes/libaco
#   libco/     github.com/higan-emu/libco
# Their own sources are compiled as they are; an adapter without its library says so and is skipped.
PEER_SOURCES := $(wildcard $(addprefix $(PEERS_DIR)/,libaco/aco.c libaco/acosw.S libco/libco.c))
PEER_OBJECTS := $(PEER_SOURCES:$(PEERS_DIR)/%=$(B)/peers/%.o)
PEER_ADAPTERS := $(foreach p,minicoro libaco libco,$(B)/switchers/peers/$(p).o)

$(PEER_ADAPTERS): CPPFLAGS += $(if $(PEERS_DIR),-isystem $(PEERS_DIR))
$(PEER_OBJECTS) $(PEER_ADAPTERS): $(B)/peers/.dir

# newer than what was built for another PEERS_DIR
$(B)/peers/.dir: always
	@mkdir -p $(@D)
	@echo '$(PEERS_DIR)' | cmp -s - $@ || echo '$(PEERS_DIR)' > $@

# libpcl has a co_create and a co_delete too
$(PEER_OBJECTS): $(B)/peers/%.o: $(PEERS_DIR)/% | prepared
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -w -Dco_create=libco_create -Dco_delete=libco_delete -Wa,--noexecstack -c -o $@ $<
