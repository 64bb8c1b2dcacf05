import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A registry with the packages of this repository, as they would be published; all other packages come from the upstream registry.
 */
export interface Registry {
  /** What a shell needs in its environment to use it. */
  readonly env: NodeJS.ProcessEnv;
  readonly packages: readonly string[];
  close(): Promise<void>;
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
}

/** Packs every package of the repository and serves the tarballs under the scope @waybill. */
export async function openRegistry(root: string, folder: string): Promise<Registry> {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const done = spawnSync(
    'npm',
    ['pack', '--workspaces', '--json', '--ignore-scripts', '--pack-destination', tarballs],
    { cwd: root, encoding: 'utf8', env: { ...process.env, PATH: path }, maxBuffer: 100_000_000 },
  );
  if (done.status !== 0) throw new Error(`npm pack failed:\n${done.stderr}`);
  const read = JSON.parse(done.stdout) as Packed[] | Record<string, Packed>;
  const packed = Object.values(read);

  let origin = '';
  const server = createServer((request, response) => {
    const url = decodeURIComponent(new URL(request.url ?? '/', 'http://registry').pathname).slice(1);
    const one = packed.find(({ name }) => name === url);
    if (one !== undefined) {
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'no-store');
      response.end(JSON.stringify(packument(one, root, tarballs, origin)));
    } else if (packed.some(({ filename }) => `tarballs/${filename}` === url)) {
      response.end(readFileSync(join(folder, url)));
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  // Other packages come from the cache of the person who runs the test. The packages installed by npx belong to this build alone: an
  // earlier one had the same version.
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  const kept = join(cacheOf(path), '_cacache');
  mkdirSync(kept, { recursive: true });
  symlinkSync(kept, join(cache, '_cacache'));
  const config = join(folder, 'npmrc');
  const own =
    process.env['NPM_CONFIG_USERCONFIG'] ?? process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
  const before = existsSync(own) ? readFileSync(own, 'utf8') : '';
  writeFileSync(
    config,
    `${before}\n@waybill:registry=${origin}/\naudit=false\nfund=false\nupdate-notifier=false\nprefer-offline=true\n`,
  );
  return {
    env: {
      ...withoutNpm(process.env),
      PATH: path,
      NPM_CONFIG_USERCONFIG: config,
      NPM_CONFIG_CACHE: cache,
      CI: '1',
    },
    packages: packed.map(({ name }) => name),
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** The folder in which npm caches downloads. */
function cacheOf(path: string): string {
  const asked = spawnSync('npm', ['config', 'get', 'cache'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return asked.stdout.trim();
}

function packument(one: Packed, root: string, tarballs: string, origin: string): unknown {
  const { name, version, filename } = one;
  const folder = name === '@waybill/presets' ? 'presets' : `packages/${name.split('/').at(-1)}`;
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as object;
  const integrity = createHash('sha512')
    .update(readFileSync(join(tarballs, filename)))
    .digest('base64');
  const dist = { tarball: `${origin}/tarballs/${filename}`, integrity: `sha512-${integrity}` };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

/** A script run by npm finds settings of that npm in its environment; the steps must not. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|VITEST|TEST$)/.test(name)),
  );
}
