# The report and the paper: what is made from records.

$(B)/harness/report_assets.o: harness/report.css harness/report.js

.PHONY: report test-report report-size
report: $(PROGRAM) ## one page of HTML about all records: results/report.html
	@tools/report.sh $(B)/switchlab $(RESULTS)
test-report: $(PROGRAM) tests/report/node_modules ## the page in a real browser (Chromium); SHOTS=DIR: screenshots
	@SHOTS=$(SHOTS) $(run_tests) tests/report/report.sh
report-size: $(PROGRAM) worlds $(WORLD_ALL) $(GUESTS:%=$(B)/%/target) ## the page about a run of everything on four machines stays below 1 MiB (a quarter of an hour; BENCH=--quick: half of it)
	@BENCH="$(BENCH)" tests/report/size.sh $(B)/switchlab $(B)/report-size
tests/report/node_modules: tests/report/package-lock.json | prepared
	@! command -v npm >/dev/null || (cd tests/report && npm ci --no-audit --no-fund --silent) || echo 'npm ci failed: the test will be skipped'

.PHONY: paper
paper: $(PROGRAM) ## results/paper: figures as PDF, tables as LaTeX, a CSV a figure, and where each came from
	@tools/paper.sh $(B)/switchlab $(RESULTS)
