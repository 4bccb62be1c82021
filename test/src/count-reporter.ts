import type { Reporter, TestModule } from 'vitest/node';

/** Closing line that any CI can read: "Tests: N passed, N failed, N skipped". */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0,
      failed = errors.length,
      skipped = 0;
    for (const m of modules) {
      for (const t of m.children.allTests()) {
        const s = t.result().state;
        if (s === 'passed') passed++;
        else if (s === 'failed') failed++;
        else skipped++;
      }
      // a file that did not load or a suite hook that threw holds no failed test
      if (m.errors().length) failed++;
      for (const s of m.children.allSuites()) if (s.errors().length) failed++;
    }
    process.on('exit', () =>
      process.stdout.write(`\nTests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`),
    );
  }
}
