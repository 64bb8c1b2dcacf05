import { expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');

// Of these two, one reads webhooks of its rows, and the other reports what was deleted.
it.each(['bigcommerce', 'commercetools'])(
  '`waybill demo --shop %s` plays the day in a local shop and prints the data in Iterable',
  async (shop) => {
    const child = spawn(process.execPath, [bin, 'demo', '--shop', shop, '--port', '0', '--json'], {
      env: { ...process.env, WAYBILL_SANDBOX_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    expect(await new Promise((ended) => child.once('exit', ended))).toBe(0);
    const told = JSON.parse(said) as {
      readonly steps: readonly string[];
      readonly profiles: readonly { readonly email: string; readonly purchases: readonly string[] }[];
      readonly webhooks: { readonly failed: number };
      readonly deadLetters: readonly { readonly code: string; readonly count: number }[];
    };
    expect(told.steps).toContain('catalog-changes');
    expect(told.webhooks.failed).toBe(0);
    expect(told.deadLetters).toEqual([]);
    expect(told.profiles.map(({ email, purchases }) => [email, purchases.length]).toSorted()).toEqual([
      ['ada@example.com', 1],
      ['ben@new.example.com', 1],
      ['chiyo@example.com', 1],
      ['dora@example.com', 2],
      ['emil@example.com', 0],
    ]);
  },
);
