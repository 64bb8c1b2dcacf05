import { availableParallelism } from 'node:os';
import { join } from 'node:path';

// Tests start hundreds of processes: each finds the code that the one before has compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/node');

/** Tests run on the TypeScript sources: swc strips the types, the `source` export condition finds sibling packages. */
export default {
  // Many tests wait for servers of their own: two at a time are quicker, also on two cores.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons', 'import'] },
  modulePathIgnorePatterns: ['/dist/'],
  testTimeout: 120_000,
};
