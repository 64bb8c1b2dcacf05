import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { parse } from '../src/main.ts';

const mainModule = new URL('../src/main.ts', import.meta.url).href;
const cwd = fileURLToPath(new URL('..', import.meta.url));

/** Runs the command as bin/iterable-sandbox.js does, but on the sources, so that no build is needed. */
function run(args: string[], onLine?: (line: string, pid: number) => void) {
  const code = `import { main } from ${JSON.stringify(mainModule)}; process.exitCode = await main(process.argv.slice(1));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code, '--', ...args], { cwd });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (onLine !== undefined && out.includes('\n')) onLine(out, child.pid!);
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (exit) => resolve({ code: exit, out, err }));
  });
}

describe('the command', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints its url when it is ready and stops on %s',
    async (signal) => {
      let health: unknown;
      const { code, out } = await run(
        ['--port', '0', '--project-type', 'email', '--no-limits'],
        (line, pid) => {
          const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)![0];
          void fetch(`${url}/_sandbox/health`)
            .then((response) => response.json())
            .then((body) => {
              health = body;
              process.kill(pid, signal);
            });
        },
      );
      expect(code).toBe(0);
      expect(out).toMatch(/^iterable-sandbox ready at http:\/\/127\.0\.0\.1:\d+ \(email project\)\n$/);
      expect(health).toEqual({ ok: true, projectType: 'email', region: 'us', limits: false });
    },
  );

  it('exits 1 with a message when the port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { code, err } = await run(['--port', `${port}`]);
    server.close();
    expect([code, err.includes('EADDRINUSE')]).toEqual([1, true]);
  });

  it('prints its help and exits 0', () => {
    expect(parse(['--help'])).toMatchObject({ code: 0 });
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port must be a number from 0 to 65535, not "x"'],
    [['--port', '70000'], '--port must be a number'],
    [['--project-type', 'mixed'], '--project-type must be one of email, userId, hybrid, not "mixed"'],
    [['--keep', 'some'], '--keep must be all or counts, not "some"'],
    [['extra'], "Unexpected argument 'extra'"],
  ])('exits 2 for %j', (args, message) => {
    const asked = parse(args);
    expect(asked).toMatchObject({ code: 2 });
    expect('print' in asked && asked.print).toContain(message);
  });

  it('turns flags into options', () => {
    expect(
      parse(['--port', '81', '--host', '::1', '--no-limits', '--keep', 'counts', '--api-key', 'k']),
    ).toEqual({
      port: 81,
      host: '::1',
      projectType: 'hybrid',
      region: 'us',
      apiKeys: ['k'],
      limits: false,
      keepEvents: 'counts',
      keepLog: Infinity,
    });
  });
});

describe('the package', () => {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const manifest = JSON.parse(read('package.json'));

  it('contains the command, the library and their types, and needs nothing else', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.bin)).toEqual(['iterable-sandbox']);
    expect(read('bin/iterable-sandbox.js')).toMatch(/^#!\/usr\/bin\/env node\n.*'\.\.\/dist\/main\.js'/s);
    for (const target of [
      manifest.bin['iterable-sandbox'],
      ...Object.values<string>(manifest.exports['.']),
    ]) {
      expect(manifest.files).toContain(target.split('/')[1]);
      // What is in dist is made from src when the package is packed.
      const source = target.replace('/dist/', '/src/').replace(/(\.d\.ts|(?<=index)\.js)$/, '.ts');
      expect([source, existsSync(new URL(`../${source}`, import.meta.url))]).toEqual([source, true]);
    }
    expect(manifest.scripts.prepack).toBe('tsc -b');
  });

  it.each([
    [['--region', 'mars'], '--region must be us or eu, not "mars"'],
    [
      ['--region', 'eu', '--project-type', 'email'],
      'email-based projects do not exist in the EU data centre',
    ],
    [['--keep-log', 'x'], '--keep-log must be a whole number, not "x"'],
  ])('has a command that refuses %j', (args, message) => {
    expect(parse(args)).toMatchObject({ code: 2, print: expect.stringContaining(message) });
  });
});
