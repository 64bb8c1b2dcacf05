/**
 * Versions, packs and publishes every package:
 *
 *     npm run release -- --registry <URL>           the next minor version, when CHANGELOG.md has anything below "Unreleased"
 *     npm run release -- patch --registry <URL>     or major, or a version such as 1.0.0
 *
 * Without anything unreleased it publishes what the registry does not have yet of the present version, so a release that was
 * broken off is finished by the same command. `--no-publish` stops after the commit and its tag. `--repository <URL>` writes into every
 * package where its source is; `--provenance` has npm sign which build it is of.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { released, unreleased } from './changelog.ts';
import { licencesPage } from './licences.ts';
import { provenanceProblem, withRepository } from './provenance.ts';
import { runtimeTree } from './runtime.ts';
import { billOfMaterials } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const changelog = join(root, 'CHANGELOG.md');
// Nx, on which lerna stands, would take the outermost folder that has it installed.
const env: NodeJS.ProcessEnv = { ...process.env, NX_WORKSPACE_ROOT_PATH: root, NX_DAEMON: 'false' };
const BUMPS = ['patch', 'minor', 'major'];

function run(command: string, ...args: readonly string[]): void {
  console.log(`> ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) fail(`${command} ${args[0] ?? ''} failed.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function versionNow(): string {
  return (JSON.parse(readFileSync(join(root, 'lerna.json'), 'utf8')) as { version: string }).version;
}

/** Raises the version of all packages, closes the section of the changelog, and commits both with a tag. */
function makeVersion(bump: string, repository: string | undefined): void {
  run(
    'lerna',
    'version',
    bump,
    '--exact',
    '--force-publish',
    '--no-git-tag-version',
    '--no-push',
    '--yes',
    '--loglevel',
    'warn',
  );
  if (repository !== undefined) nameRepository(repository);
  const version = versionNow();
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(changelog, released(readFileSync(changelog, 'utf8'), version, date));
  run('npm', 'run', '--silent', 'generate');
  run('git', 'add', '--all');
  run('git', 'commit', '--quiet', '--message', `Release ${version}`);
  run('git', 'tag', '--annotate', `v${version}`, '--message', `Waybill ${version}`);
}

/** Writes into every package where its source is. */
function nameRepository(url: string): void {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  for (const folder of [...folders, 'presets']) {
    const file = join(root, folder, 'package.json');
    writeFileSync(file, withRepository(readFileSync(file, 'utf8'), url, folder));
  }
}

/** Writes what the package `waybill` says of all that is installed with it. */
function writeSupplyChain(): void {
  const folder = join(root, 'packages/waybill');
  writeFileSync(join(folder, 'sbom.cdx.json'), billOfMaterials(root));
  writeFileSync(join(folder, 'LICENCES.md'), licencesPage(runtimeTree(root)));
}

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      registry: { type: 'string' },
      repository: { type: 'string' },
      provenance: { type: 'boolean' },
      'no-publish': { type: 'boolean' },
    },
  });
  const [bump = 'minor', ...more] = positionals;
  if (more.length > 0 || !(BUMPS.includes(bump) || /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(bump)))
    fail(`"${positionals.join(' ')}" is not a version. Use patch, minor, major, or a version such as 1.0.0.`);
  const { registry, repository, provenance, 'no-publish': isLocal } = values;
  if (isLocal !== true && (registry === undefined || !URL.canParse(registry)))
    fail('Name the registry: --registry <URL>, or use --no-publish.');
  if (repository !== undefined && !URL.canParse(repository))
    fail(`--repository is "${repository}"; it must be an address such as git+https://host/waybill.git.`);
  const problem = provenance === true ? provenanceProblem(env) : undefined;
  if (problem !== undefined) fail(problem);
  if (provenance === true) env['NPM_CONFIG_PROVENANCE'] = 'true';
  const dirty = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (dirty.status !== 0 || dirty.stdout !== '') fail('Commit or remove your changes first: git status.');

  if (unreleased(readFileSync(changelog, 'utf8')) === '')
    console.log(`There is nothing to release: ${versionNow()}.`);
  else makeVersion(bump, repository);
  if (isLocal === true || registry === undefined) return;
  run('npm', 'run', '--silent', 'build');
  writeSupplyChain();
  run(
    'lerna',
    'publish',
    'from-package',
    '--registry',
    registry,
    '--no-verify-access',
    '--yes',
    '--loglevel',
    'warn',
  );
  console.log(`Published ${versionNow()}. Push the commit and the tag: git push --follow-tags.`);
}

main();
