import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Tests start hundreds of processes: each finds the code that the one before has compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node');

/** Tests of the whole start first: one that takes a minute and begins last keeps one worker waiting for the other. */
class WholeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWhole = ({ moduleId }: TestSpecification): boolean =>
      moduleId.startsWith(join(import.meta.dirname, 'test/'));
    return [...sorted.filter(isWhole), ...sorted.filter((file) => !isWhole(file))];
  }
}

/** Tests run on the TypeScript sources: Node strips the types, the `source` export condition finds sibling packages. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/summary.ts'],
    pool: 'forks',
    // Many tests wait for servers of their own: two at a time are quicker, also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Modules keep nothing from one test file for the next, and loading them takes longer than most tests.
    isolate: false,
    sequence: { sequencer: WholeFirst },
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What differs is said whole.
    chaiConfig: { truncateThreshold: 0 },
    experimental: { viteModuleRunner: false },
  },
});
