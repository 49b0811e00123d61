# Installing: the program with its layouts (run looks for them beside itself), the worlds, man pages, bash completion, documents.

PREFIX  ?= /usr/local
DESTDIR ?=
LIBEXEC  = $(DESTDIR)$(PREFIX)/libexec/switchlab
SHARE    = $(DESTDIR)$(PREFIX)/share

.PHONY: install
install: all $(if $(shell command -v ia64-linux-gnu-as),worlds) ## into DESTDIR and PREFIX (/usr/local): program, worlds, man pages, completion
	install -d $(LIBEXEC) $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions $(SHARE)/doc/switchlab
	install $(PROGRAM) $(LIBEXEC)
	ln -sf ../libexec/switchlab/switchlab $(DESTDIR)$(PREFIX)/bin/switchlab
	install $(B)/ia64sim $(DESTDIR)$(PREFIX)/bin
	for elf in $$(cd $(B) && find worlds -name '*.elf' 2>/dev/null); do install -D -m 644 $(B)/$$elf $(LIBEXEC)/$$elf; done
	tools/man.sh $(B)/switchlab $(SHARE)/man/man1 || [ $$? = 77 ]
	install -m 644 tools/completion.bash $(SHARE)/bash-completion/completions/switchlab
	install -m 644 README.md LICENSE docs/*.md $(SHARE)/doc/switchlab

.PHONY: tune
tune: ## GOVERNOR= TURBO= SMT= ASLR= THP= set what is named, RUN="make bench" then or wait for Ctrl-C, and put all of it back
	@tools/tune.sh $(foreach s,GOVERNOR TURBO SMT ASLR THP,$(if $($(s)),$(s)=$($(s)))) $(if $(RUN),-- sh -c '$(RUN)')
