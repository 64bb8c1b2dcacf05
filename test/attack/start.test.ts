import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { until } from '../faults/support.ts';
import { full } from './scale.ts';
import { BIN, endRun, type Run, waybill, watchRun } from './cli.ts';

const root = resolve(import.meta.dirname, '../..');
const TIME = 180_000;
let folder: string;
const runs: Run[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill start '));
});
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => endRun(run)));
  for (const pid of left()) process.kill(Number(pid), 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Processes that have the folder of this test on their command line. */
function left(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

/** Runs a script with npm, as a user does: npm, a shell, and then the command. */
function npm(script: string, env: NodeJS.ProcessEnv = {}): Run {
  const file = join(folder, 'package.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : { name: 'x' };
  writeFileSync(file, JSON.stringify({ ...known, scripts: { it: script } }));
  const own = Object.entries(process.env).filter(([name]) => !/^(WAYBILL_|npm_)/i.test(name));
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const child = spawn('npm', ['run', 'it'], {
    cwd: folder,
    // A separate process group, like that of a terminal.
    detached: true,
    env: { ...Object.fromEntries(own), PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run = watchRun(child);
  runs.push(run);
  return run;
}

const says = (run: Run, text: string): Promise<void> => until(() => run.said().includes(text), TIME);

const SIGNALS = full ? (['SIGTERM', 'SIGINT', 'SIGKILL'] as const) : (['SIGINT', 'SIGKILL'] as const);

describe('a signal to npm', () => {
  it.each(SIGNALS)(
    '%s ends `waybill start --demo`, with its sandbox',
    async (signal) => {
      const data = join(folder, 'data');
      const run = npm(`node "${BIN}" start --demo --port 0 --data "${data}"`, { WAYBILL_SANDBOX_PORT: '0' });
      await run.url;
      expect(left().length).toBeGreaterThan(1);
      // Ctrl+C goes to all that the terminal has started, any other signal to npm alone.
      if (signal === 'SIGINT') process.kill(-run.child.pid!, signal);
      else run.child.kill(signal);
      await until(() => left().length === 0, TIME);
      // It has stopped, and was not just killed: the databases are whole without their write-ahead logs.
      const logs = readdirSync(data).filter((name) => name.endsWith('-wal'));
      expect(logs.filter((name) => statSync(join(data, name)).size > 0)).toEqual([]);
    },
    TIME,
  );

  it.each(SIGNALS.filter((signal) => signal !== 'SIGINT'))(
    '%s ends `waybill serve`',
    async (signal) => {
      const run = npm(`node "${BIN}" serve dummy --port 0 ; : "${folder}"`);
      await says(run, 'Open http');
      const page = new URL(/Open (http\S+)/.exec(run.said())![1]!);
      await endRun(run, signal);
      await until(
        () =>
          fetch(page).then(
            () => false,
            () => true,
          ),
        TIME,
      );
    },
    TIME,
  );
});

/** Whether this user may create a network namespace, in which all ports are free. */
function mayUnshare(): boolean {
  try {
    execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(mayUnshare() ? describe : describe.skip)('`waybill start` twice, and the demo beside it', () => {
  it(
    'keeps the running server and its sandbox',
    async () => {
      const script = `
      ip link set lo up
      ask() { "$NODE" -e 'fetch(process.argv[1]).then((a) => a.text()).then(console.log, () => process.exit(1))' "$1"; }
      "$NODE" "$BIN" start --demo --data "$FOLDER/data" & first=$!
      until ask http://127.0.0.1:4400/readyz; do sleep 0.2; done
      echo "== same folder"; "$NODE" "$BIN" start --demo --data "$FOLDER/data"; echo "ended with $?"
      echo "== other folder"; "$NODE" "$BIN" start --demo --data "$FOLDER/other"; echo "ended with $?"
      echo "== demo"; "$NODE" "$BIN" demo; echo "ended with $?"
      echo "== first"; ask http://127.0.0.1:4400/readyz; ask http://127.0.0.1:4401/_sandbox/stats
      kill $first; wait $first; echo "ended with $?"`;
      const own = Object.entries(process.env).filter(([name]) => !/^(WAYBILL_|npm_)/i.test(name));
      const run = watchRun(
        spawn('unshare', ['-n', 'sh', '-c', script], {
          env: { ...Object.fromEntries(own), NODE: process.execPath, BIN, FOLDER: folder, TMPDIR: folder },
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      );
      runs.push(run);
      await run.code;
      const [, same, other, demo, first] = run.said().split(/^== .*$/m) as [
        string,
        string,
        string,
        string,
        string,
      ];
      expect(same).toMatch(/folder_in_use: The data folder .*data is in use by process \d+,[^]*ended with 1/);
      expect(other).toMatch(/server_port_in_use: Port 4400 on 127\.0\.0\.1 is in use[^]*ended with 1/);
      expect(demo).toContain('Port 4400 is in use by another server, which keeps running.');
      expect(demo).toContain('ended with 0');
      expect(first).toMatch(/"status":"ready"[^]*"requests":0[^]*ended with 0/);
      expect(left()).toEqual([]);
    },
    TIME,
  );
});

describe('the output of a start', () => {
  it(
    'matches the active workspace: its keys are accepted, those of the environment are only named',
    async () => {
      const file = join(folder, 'workspace.json');
      const sources = [
        { id: 'shop', writeKey: 'a key' },
        { id: 'app', writeKey: { $env: 'APP_KEY' } },
      ];
      writeFileSync(file, JSON.stringify({ sources, destinations: [] }));
      const data = join(folder, 'data');
      const run = waybill(['start', '--demo', '--port', '0', '--data', data, '--workspace', file], {
        env: { APP_KEY: 'app-secret', WAYBILL_SANDBOX_PORT: '0' },
      });
      runs.push(run);
      await run.url;
      await says(run, '--outcomes');
      expect(run.said()).toContain('a key (source shop)');
      expect(run.said()).toContain('in $APP_KEY (source app)');
      expect(run.said()).not.toMatch(/app-secret|demo:/);
      const command = /^ {2}(curl [^\n]*\\\n[^\n]*)/m.exec(run.said())![1]!;
      expect(
        execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      ).toContain('"success":true');
    },
    TIME,
  );
});

/** A Node that is too old, as Debian has it; undefined where there is none. */
function oldNode(): string | undefined {
  try {
    const version = execFileSync('/usr/bin/node', ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)/.exec(version)?.[1]) < 24 ? '/usr/bin/node' : undefined;
  } catch {
    return undefined;
  }
}

const old = oldNode();
(old === undefined ? describe.skip : describe)('an older Node', () => {
  it(
    'runs the command on the Node of the install, passes signals on, and leaves nothing behind',
    async () => {
      const data = join(folder, 'data');
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const run = waybill(['start', '--port', '0', '--data', data], { node: old! });
        runs.push(run);
        const url = await run.url;
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
        const code = await new Promise((ended) => {
          run.child.once('exit', ended);
          run.child.kill(signal);
        });
        expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
        await until(() => left().length === 0, TIME);
      }
      const usage = waybill(['start', '--nonsense'], { node: old! });
      expect(await usage.code).toBe(2);
    },
    TIME,
  );

  it(
    'reports what is missing without a suitable Node',
    async () => {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      for (const name of ['waybill.js', 'own-node.js'])
        copyFileSync(join(dirname(BIN), name), join(bin, name));
      mkdirSync(join(folder, 'dist'));
      copyFileSync(join(root, 'packages/cli/dist/parent.js'), join(folder, 'dist/parent.js'));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      const run = watchRun(
        spawn(old!, [join(bin, 'waybill.js'), 'start'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
      );
      expect([await run.code, run.said()]).toEqual([
        1,
        expect.stringMatching(/^Waybill needs Node 24 or newer; this is v\d+.*npm ci/),
      ]);
    },
    TIME,
  );
});

describe('installation without a registry', () => {
  let registry: HttpServer | undefined;
  afterEach(() => {
    registry?.closeAllConnections();
    registry?.close();
  });

  function setUp(address: string): Run {
    const cli = join(folder, 'packages/cli');
    mkdirSync(cli, { recursive: true });
    copyFileSync(join(root, 'packages/cli/setup.mjs'), join(cli, 'setup.mjs'));
    const dependencies = { commander: '15.1.0' };
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'x', version: '1.0.0', dependencies }),
    );
    const lock = {
      name: 'x',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'x', version: '1.0.0', dependencies },
        'node_modules/commander': {
          version: '15.1.0',
          resolved: `${address}/commander/-/commander-15.1.0.tgz`,
        },
      },
    };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    return npm(`node "${join(cli, 'setup.mjs')}"`, {
      npm_config_registry: address,
      npm_config_cache: join(folder, 'cache'),
    });
  }

  it(
    'reports the failure, with a remedy',
    async () => {
      const run = setUp('http://127.0.0.1:9');
      expect(await run.code).not.toBe(0);
      expect(run.said()).toContain('it does not answer: trying with the packages in the cache of npm');
      expect(run.said()).toContain('Setting up failed');
    },
    TIME,
  );

  it(
    'that never answers does not hang, and ends with npm',
    async () => {
      registry = createServer(() => undefined);
      await new Promise<void>((ready) => registry!.listen(0, '127.0.0.1', ready));
      const run = setUp(`http://127.0.0.1:${(registry.address() as AddressInfo).port}`);
      await says(run, 'asking the package registry');
      await endRun(run, 'SIGTERM');
      await until(() => left().length === 0, TIME);
    },
    TIME,
  );
});
