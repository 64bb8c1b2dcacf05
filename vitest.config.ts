import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Tests start hundreds of processes: they share a compile cache.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node');

/** Runs the tests of the whole product first: a long test that starts last would leave the other worker idle. */
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
    // Many tests wait for their own servers: two at a time are faster, also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Modules share no state between test files, and loading them takes longer than most tests.
    isolate: false,
    sequence: { sequencer: WholeFirst },
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Differences are shown in full.
    chaiConfig: { truncateThreshold: 0 },
    experimental: { viteModuleRunner: false },
  },
});
