import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Server, startServer } from '@waybill/server';
import { full } from './scale.ts';
import { widthOf } from '../../packages/cli/src/output/width.ts';

/*
 * Names, ids and messages of events are anybody's text. Printed raw they clear the screen, set the title, write into the
 * clipboard or fake lines. Every command that shows them runs here in a terminal of 80 columns.
 */
const ESC = '\u001b';
const hostile = [
  `${ESC}[2J${ESC}[HCleared`,
  `${ESC}]0;title\u0007${ESC}]52;c;ZXZpbA==\u0007`,
  '\u009b31mred\u009c',
  'back\b\b\b\bspace\u007f',
  'line\r\nsink / everything: delivered',
  '\u202Egnp.exe\u2066',
  `wide 東京都渋谷区 ${'長'.repeat(60)}`,
  `long ${'name '.repeat(40)}`,
];

/** Our own colours of the states of an item. */
const COLOURED = new RegExp(`${ESC}\\[(?:3[1-3]|90)m(delivered|skipped|rejected|waiting)${ESC}\\[39m`, 'g');

/** Control characters, and marks that turn the direction of text. */
const OBEYED = /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

let folder: string;
let server: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-terminal-'));
  const workspace = {
    sources: [{ id: 'shop', writeKey: 'key' }],
    destinations: [{ id: 'sink', type: 'dummy', settings: {} }],
  };
  server = await startServer({ dataDir: folder, port: 0, logLevel: 'silent' }, JSON.stringify(workspace));
  const batch = hostile.map((text, index) => ({
    type: 'track',
    messageId: `${text.slice(0, 60)}-${index}`,
    userId: text,
    event: text,
    properties: { dummy_mode: 'reject', text },
  }));
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('key:')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
  await server.idle();
  writeFileSync(join(folder, 'events.json'), JSON.stringify(batch));
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in a terminal of a width, and returns the bytes that the terminal gets. */
function inTerminal(columns: number, ...given: readonly string[]): Promise<string> {
  const args = given.filter((one) => one !== '--no-colour');
  const colour = args.length === given.length ? {} : { NO_COLOR: '1' };
  const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
  const quoted = [process.execPath, bin, ...args].map((one) => `'${one.replaceAll("'", "'\\''")}'`).join(' ');
  const env = {
    ...colour,
    PATH: process.env['PATH'],
    TERM: 'xterm',
    WAYBILL_URL: server.url,
    WAYBILL_DATA: folder,
  };
  return new Promise((done) => {
    execFile(
      'script',
      ['--quiet', '--return', '--command', `stty cols ${columns}; ${quoted}`, '/dev/null'],
      { env, timeout: 25_000, maxBuffer: 10_000_000, encoding: 'utf8' },
      (_error, out) => done(out),
    );
  });
}

const commands: readonly (readonly string[])[] = [
  ['events', 'tail', '--outcomes'],
  ['events', 'show', `${hostile[4]!.slice(0, 60)}-4`],
  ['deadletters', 'show', '1'],
  ['test', '--destination', 'dummy', '$events', '--explain'],
  ['deadletters', 'list', '--json'],
];
const further: readonly (readonly string[])[] = [
  ...[0, 1, 2, 3].map((at) => ['events', 'show', `${hostile[at]!.slice(0, 60)}-${at}`]),
  ['events', 'tail', '--json'],
  ['deadletters', 'list'],
  ['replay', '--all', '--dry-run'],
  ['test', '--destination', 'dummy', '$events', '--json'],
];

describe('hostile text in a terminal', () => {
  it.each(
    [...commands, ...(full ? further : [])].map(
      (one) => [one.join(' ').replaceAll(/[^\x20-\x7e]/g, '?'), one] as const,
    ),
  )(
    'waybill %s prints no control sequences',
    async (_name, args) => {
      const out = await inTerminal(
        80,
        ...args.map((one) => (one === '$events' ? join(folder, 'events.json') : one)),
      );
      expect(out.length).toBeGreaterThan(100);
      // Line ends are the terminal's own.
      const lines = out.replaceAll('\r\n', '\n').replaceAll(COLOURED, '$1');
      expect([...lines].filter((one) => one !== '\n' && OBEYED.test(one))).toEqual([]);
      expect(lines.split('\n')).not.toContain('sink / everything: delivered');
    },
    40_000,
  );

  it('colours the outcomes of events, and has no colours when they are off', async () => {
    const out = await inTerminal(80, 'events', 'tail', '--outcomes', '-n', '1');
    expect(out).toContain(`sink / everything: ${ESC}[31mrejected${ESC}[39m`);
    const plain = await inTerminal(80, '--no-colour', 'events', 'tail', '--outcomes', '-n', '1');
    expect(plain).not.toContain(ESC);
  }, 60_000);

  it('lines fit the width where words allow it, also with wide characters', async () => {
    for (const columns of full ? [40, 80, 120, 200] : [80]) {
      const out = await inTerminal(columns, 'deadletters', 'list');
      const lines = out.replaceAll('\r\n', '\n').split('\n');
      const words = (line: string): boolean => /\S \S/.test(line.trim().slice(0, columns));
      expect(lines.filter((line) => widthOf(line) > columns && words(line))).toEqual([]);
    }
  }, 60_000);
});
