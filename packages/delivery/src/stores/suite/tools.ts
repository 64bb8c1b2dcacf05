/** The few functions of a test runner that the suite uses; those of jest, vitest and the like fit. */
export interface SuiteTools {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  readonly expect: (actual: unknown) => {
    toEqual(expected: unknown): void;
    toMatchObject(expected: object): void;
    toThrow(): void;
  };
}
