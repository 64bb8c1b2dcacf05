import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/* A server that could not listen left its delivery thread running: `waybill start` on a used port reported that and never ended. */
describe('`waybill start` on a port in use', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-port-'));
  let other: Server;
  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
  });
  afterAll(() => {
    other.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('reports that and ends', async () => {
    const { port } = other.address() as AddressInfo;
    const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
    const child = spawn(process.execPath, [bin, 'start', '--port', String(port), '--data', dataDir]);
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    const code = await new Promise((ended) => child.once('exit', ended));
    clearTimeout(timer);
    expect([code, said]).toEqual([1, expect.stringContaining(`${port}`)]);
  });
});
