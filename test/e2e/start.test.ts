import { afterAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SERVER_FLAGS } from '@waybill/server/process';

describe('`waybill start`', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-start-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

  it('becomes the process of a server, answers, and ends when it is told to', async () => {
    const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
    const child = spawn(process.execPath, [bin, 'start', '--port', '0', '--data', dataDir]);
    let said = '';
    const url = await new Promise<string>((found, failed) => {
      const read = (part: Buffer): void => {
        said += part.toString();
        const match = /Waybill listens on (http:\S+)/.exec(said);
        if (match !== null) found(match[1]!);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => failed(new Error(`It ended:\n${said}`)));
    });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const commandLine = `/proc/${child.pid}/cmdline`;
    if (existsSync(commandLine)) {
      const words = readFileSync(commandLine, 'utf8').split('\0');
      expect(words).toEqual(expect.arrayContaining([...SERVER_FLAGS, 'start']));
    }
    const ended = new Promise((end) => child.once('exit', end));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
