# The report and the paper: what is made from records.

$(B)/harness/report_assets.o: harness/report.css harness/report.js

.PHONY: report test-report
report: $(PROGRAM) ## one page of HTML about all records: results/report.html
	@tools/report.sh $(B)/switchlab $(RESULTS)
test-report: $(PROGRAM) tests/report/node_modules ## the page in a real browser (Chromium); SHOTS=DIR: screenshots
	@SHOTS=$(SHOTS) $(run_tests) tests/report/report.sh
tests/report/node_modules: tests/report/package-lock.json | prepared
	@! command -v npm >/dev/null || (cd tests/report && npm ci --no-audit --no-fund --silent) || echo 'npm ci failed: the test will be skipped'

.PHONY: paper
paper: $(PROGRAM) ## results/paper: figures as PDF, tables as LaTeX, a CSV a figure, and where each came from
	@tools/paper.sh $(B)/switchlab $(RESULTS)
