import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort } from '../e2e/port.ts';

const require = createRequire(import.meta.url);

/** A registry of this machine, with open publishing. */
export interface LocalRegistry {
  readonly url: string;
  /** A configuration of npm that uses it. */
  readonly npmrc: string;
  stop(): void;
}

/** Starts Verdaccio with an empty storage below a folder; unknown packages come from the registry of the person who runs this. */
export async function startRegistry(folder: string, upstream: string): Promise<LocalRegistry> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const own = { access: '$all', publish: '$all', unpublish: '$all' };
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream: { url: upstream, cache: false, maxage: '1h' } },
    packages: { waybill: own, '@waybill/*': own, '**': { access: '$all', proxy: 'upstream' } },
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
  // JSON is YAML.
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(config));
  const npmrc = join(folder, 'npmrc');
  writeFileSync(
    npmrc,
    `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\naudit=false\nfund=false\nupdate-notifier=false\n`,
  );
  const bin = join(dirname(require.resolve('verdaccio/package.json')), 'bin/verdaccio');
  const child = spawn(process.execPath, [bin, '--config', file, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await answered(`${url}-/ping`, child);
  return { url, npmrc, stop: () => void child.kill('SIGTERM') };
}

async function answered(url: string, child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  for (let tries = 0; child.exitCode === null && tries < 300; tries++) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error('Verdaccio did not start.');
}
