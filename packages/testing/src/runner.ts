/** The functions of a test runner that the kit uses; those of node:test, jest, vitest and the like fit. */
export interface TestTools {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
  /** Makes failures look as the runner's own; plain assertions when absent. */
  readonly expect?: (actual: unknown) => { toEqual(expected: unknown): unknown };
}
