import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { released, unreleased } from '../../release/changelog.ts';
import { provenanceProblem, withRepository } from '../../release/provenance.ts';

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
  readonly files: readonly { readonly path: string }[];
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

  it('says what it is, and has the version of all others', () => {
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
    // Tests of the templates are what `waybill init` writes.
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

  it('has types for every module it exports, and no source map that leads nowhere', () => {
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

describe('the changelog of a release', () => {
  it('has what was open below the version and its date, and nothing open', () => {
    const text = released(
      '# Changes\n\n## Unreleased\n\n- One.\n\n## 0.1.0 (2026-01-01)\n',
      '0.2.0',
      '2026-02-03',
    );
    expect(text).toContain('## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n- One.\n');
    expect(unreleased(text)).toBe('');
    expect(() => released(text, '0.2.0', '2026-02-04')).toThrow('already has 0.2.0');
  });

  it('is made of a section for what is open', () => {
    expect(() => unreleased(read('CHANGELOG.md'))).not.toThrow();
    expect(existsSync(join(root, 'release/run.ts'))).toBe(true);
  });
});

describe('provenance', () => {
  it('needs a package that says where its source is, and keeps all else as it was', () => {
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
