const { appendFileSync } = require('node:fs');
const Mocha = require('mocha');

/**
 * Mocha's `spec`, which also appends one line of JSON to the file named by HSM_TEST_COUNTS, so that runs in several
 * processes (one of them inside VS Code) can be added up: {"passed":3,"failed":0,"skipped":["full title"]}.
 */
module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    // Suites of real processes may try a test twice on a busy machine; that is told, because it may also be a defect.
    runner.on('retry', (test, error) =>
      console.log(`    tried again: ${test.fullTitle()}: ${error.message}`),
    );
    runner.once('end', () => {
      const file = process.env.HSM_TEST_COUNTS;
      if (!file) return;
      const { passes, failures } = runner.stats;
      appendFileSync(file, `${JSON.stringify({ passed: passes, failed: failures, skipped })}\n`);
    });
  }
};
