import { vi } from 'vitest';
import { main } from '../../src/main.ts';

/** The result of a command line. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The output as JSON. */
  json<T>(): T;
}

/** Runs a command line in this process and returns what it printed. */
export async function run(...args: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((text?: unknown) => void (out += `${String(text ?? '')}\n`)),
    vi
      .spyOn(console, 'error')
      .mockImplementation((text?: unknown) => void (err += `${String(text ?? '')}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text);
      return true;
    }),
  ];
  try {
    const code = await main(args);
    return { code, out, err, json: () => JSON.parse(out) as never };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
