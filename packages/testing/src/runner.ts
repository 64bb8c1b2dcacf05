/** The functions of a test runner that the kit uses; as in node:test, Jest and Vitest. */
export interface TestTools {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
  /** The runner's assertions, for its formatting of failures; plain assertions when absent. */
  readonly expect?: (actual: unknown) => { toEqual(expected: unknown): unknown };
}
