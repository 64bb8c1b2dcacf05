import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { provenanceProblem, withRepository } from '../../release/provenance.ts';
import { type Lock, runtimePlaces } from '../../release/runtime.ts';
import { bytes, MOST_IMAGE_MEGABYTES } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly publishConfig: { readonly access: string };
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const done = spawnSync('npm', ['pack', '--workspaces', '--json', '--dry-run', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1e8,
});
const packed = Object.values(JSON.parse(done.stdout) as Packed[] | Record<string, Packed>);
const folders = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`), 'presets'];
const { version } = JSON.parse(read('lerna.json')) as { version: string };

describe.each(folders)('the package in %s', (folder) => {
  const manifest = JSON.parse(read(folder, 'package.json')) as Manifest;
  const files = new Set(packed.find(({ name }) => name === manifest.name)?.files.map(({ path }) => path));

  it('describes itself, and has the version of all others', () => {
    const { license, engines, publishConfig, description } = manifest;
    expect([license, engines.node, publishConfig.access]).toEqual(['MIT', '>=24', 'public']);
    expect([manifest.version, description.length > 10]).toEqual([version, true]);
    const own = Object.entries(manifest.dependencies ?? {}).filter(([name]) => name.startsWith('@waybill/'));
    expect(own.filter(([, wanted]) => wanted !== version)).toEqual([]);
  });

  it('is published with its licence and a README, and without what only a build needs', () => {
    expect(read(folder, 'LICENSE')).toBe(read('LICENSE'));
    expect(read(folder, 'README.md')).toMatch(/^# \S/);
    expect([files.has('LICENSE'), files.has('README.md')]).toEqual([true, true]);
    // Tests of the templates are output of `waybill init`.
    const own = [...files].filter((file) => !file.startsWith('templates/'));
    expect(own.filter((file) => /tsbuildinfo|\.test\.|(^|\/)test\//.test(file))).toEqual([]);
  });

  it('holds every file that its exports and its bin name', () => {
    const named = Object.values(manifest.exports).flatMap((one) =>
      typeof one === 'string' ? [one] : Object.values(one),
    );
    const exact = [...named, ...Object.values(manifest.bin ?? {})].filter((path) => !path.includes('*'));
    expect(exact.filter((path) => !files.has(posix.normalize(path)))).toEqual([]);
    expect(exact).toContain('./package.json');
  });

  it('has types for every exported module, and no dangling source map', () => {
    const modules = Object.values(manifest.exports).filter((one) => typeof one === 'object');
    expect(modules.filter(({ types }) => types === undefined)).toEqual([]);
    const lost = [...files]
      .filter((file) => file.endsWith('.map'))
      .flatMap((file) => {
        const { sources } = JSON.parse(read(folder, file)) as { sources: readonly string[] };
        return sources.filter((source) => !files.has(posix.normalize(`${dirname(file)}/${source}`)));
      });
    expect(lost).toEqual([]);
  });
});

describe('the image', () => {
  it('is smaller than promised: Node with its libraries, and packages without the removed files', () => {
    // `app.sh` removes these, and packages within packages have separate paths.
    const isLeftOut = (name: string): boolean => /\.map$|\.d\.[cm]?ts$|^node_modules$/.test(name);
    expect(read('deploy/image/app.sh')).toContain("'*.map' -o -name '*.d.ts'");
    const { packages } = JSON.parse(read('package-lock.json')) as Lock;
    const others = runtimePlaces(packages).filter((place) => place.includes('node_modules/'));
    // Packages for other platforms are not installed.
    const there = others.map((place) => join(root, place)).filter((place) => existsSync(place));
    const { stdout } = spawnSync('ldd', [process.execPath], { encoding: 'utf8' });
    const node = [process.execPath, ...(stdout.match(/\/\S+/g) ?? [])].map((file) => realpathSync(file));
    const own = packed.flatMap(({ files }) => files.filter(({ path }) => !isLeftOut(basename(path))));
    const blocks = own.reduce((sum, { size }) => sum + Math.ceil(size / 4096) * 4096, 0);
    const megabytes = [...there, ...node].reduce((sum, path) => sum + bytes(path, isLeftOut), blocks) / 1e6;
    expect(megabytes).toBeGreaterThan(100);
    expect(megabytes).toBeLessThan(MOST_IMAGE_MEGABYTES);
  });
});

describe('provenance', () => {
  it('needs a package that names its repository, and keeps everything else', () => {
    const before = read('packages/core/package.json');
    const after = withRepository(before, 'git+https://host.example/waybill.git', 'packages/core');
    const { repository, ...others } = JSON.parse(after) as Record<string, unknown>;
    expect(repository).toEqual({
      type: 'git',
      url: 'git+https://host.example/waybill.git',
      directory: 'packages/core',
    });
    expect(`${JSON.stringify(others, null, 2)}\n`).toBe(before);
    // A second release names another one.
    expect(withRepository(after, 'git+https://other.example/x.git', 'packages/core')).toContain(
      'other.example',
    );
  });

  it('is signed where npm can, and refused elsewhere before anything is changed', () => {
    expect(provenanceProblem({ GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'u' })).toBe(undefined);
    expect(provenanceProblem({ GITLAB_CI: 'true', SIGSTORE_ID_TOKEN: 't' })).toBe(undefined);
    const args = ['release/run.ts', '--registry', 'http://127.0.0.1:1', '--provenance'];
    const env = { PATH: process.env['PATH'] };
    const refused = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('id-token: write')]);
  });
});
