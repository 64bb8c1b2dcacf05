import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerDiff } from '../../src/diff/command.ts';
import { toMetadata } from '@waybill/definitions';
import { lastRelease } from '@waybill/definitions/files';
import { readDiffCases, versionOf, workspaceOf } from '../../../definitions/test/diff/support.ts';

let folder: string;
let printed: string[];
const before = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-diff-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void printed.push(text));
});

afterEach(() => {
  process.chdir(before);
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<number> {
  let code = 0;
  const program = new Command().exitOverride();
  registerDiff(program, (exit) => {
    code = exit;
  });
  await program.parseAsync(['diff', ...args], { from: 'user' });
  return code;
}

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const one = readDiffCases().find(([name]) => name === 'choice-removed')![1];
const metadata = (edit: Parameters<typeof versionOf>[0]) => toMetadata(versionOf(edit).get('acme')!);

describe('waybill diff', () => {
  it('compares files, and exits with 1 for a breaking change', async () => {
    const [old, now] = [write('old.json', metadata({})), write('new.json', metadata(one.after))];
    expect(await run(old, now)).toBe(1);
    expect(printed.join('\n')).toContain('1 breaking, 2 risky, 1 safe.');
    expect(await run(old, now, '--allow-breaking')).toBe(0);
    expect(await run(old, old)).toBe(0);
    expect(printed.at(-1)).toBe('Nothing changed.');
  });

  it('compares commits with the working tree, and shows the impact on a workspace', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
    git('init', '-q');
    git('config', 'user.email', 'a@example.com');
    git('config', 'user.name', 'A');
    write('schemas/acme/metadata.json', metadata({}));
    git('add', '.');
    git('commit', '-qm', 'one');
    expect(lastRelease(folder)).toBeUndefined();
    git('tag', 'v1.0.0');
    write('schemas/acme/metadata.json', metadata(one.after));
    const workspace = write('waybill.json', workspaceOf(one));
    process.chdir(folder);
    expect(lastRelease(folder)).toBe('v1.0.0');
    expect(await run('release', '--workspace', workspace)).toBe(1);
    expect(printed.join('\n')).toContain('1 of your 2 mappings stops validating:\n  crm/leads');
    printed = [];
    expect(await run('HEAD', '.', '--json')).toBe(1);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({ ok: false });
    expect(await run('no-such-branch')).toBe(2);
  });

  it('finds differences that only events show', async () => {
    const narrowed = metadata({ set: { 'actions.upsert.fields.name.format': 'uri' } });
    const [old, now] = [write('old.json', metadata({})), write('new.json', narrowed)];
    const workspace = write('waybill.json', workspaceOf(one));
    const event = { type: 'identify', userId: 'u', traits: { email: 'ada@example.com', name: 'Ada' } };
    const events = write('events.ndjson', event);
    printed = [];
    expect(await run(old, now, '--workspace', workspace)).toBe(1);
    expect(printed.join('\n')).toContain('None of your 2 mappings stops validating.');
    printed = [];
    expect(await run(old, now, '--workspace', workspace, '--events', events)).toBe(1);
    expect(printed.join('\n')).toContain('1 of the 1 events that it sends are refused: Name');
  });

  it('compares modules that export sources, with or without destinations', async () => {
    const tills = (name: string, every: number, more = '') => {
      const file = join(folder, name);
      const text = `export const tills = { slug: 'tills', name: 'Tills', description: 'Receipts.', settings: {},
        streams: { receipts: { title: 'Receipts', description: 'All.', every: ${every}, read: async () => ({ events: [], cursor: 0, more: false }) }${more} } };`;
      writeFileSync(file, text);
      return file;
    };
    const [old, now] = [tills('old.mjs', 60), tills('new.mjs', 600)];
    expect(await run(old, now)).toBe(0);
    expect(printed.join('\n')).toContain('poll_changed  source tills streams.receipts.every');
    const other =
      ", refunds: { title: 'Refunds', description: 'All.', read: async () => ({ events: [], cursor: 0, more: false }) }";
    printed = [];
    expect(await run(tills('more.mjs', 60, other), now, '--json')).toBe(1);
    const { changes } = JSON.parse(printed.join('\n')) as {
      readonly changes: readonly { readonly code: string }[];
    };
    expect(changes.map(({ code }) => code)).toEqual(['poll_changed', 'stream_removed']);
  });

  it('exits with 2 for input that it cannot read', async () => {
    expect(await run(write('empty.json', {}), write('other.json', {}))).toBe(2);
    expect(await run(write('old.json', metadata({})), folder, '--workspace', join(folder, 'none'))).toBe(2);
  });
});
