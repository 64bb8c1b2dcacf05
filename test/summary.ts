import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with plain lines with the numbers of tests, for programs that read logs. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((one) => [...one.children.allTests()].map((test) => test.result().state));
    const files = modules.map((one) => one.state());
    console.log(`Test Suites: ${counted(files)}\nTests:       ${counted(tests)}`);
  }
}

function counted(states: readonly string[]): string {
  const parts = ['failed', 'skipped', 'passed'].flatMap((wanted) => {
    const count = states.filter((state) => state === wanted).length;
    return count === 0 ? [] : [`${count} ${wanted}`];
  });
  return [...parts, `${states.length} total`].join(', ');
}
