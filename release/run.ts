/**
 * Versions, packs and publishes every package:
 *
 *     npm run release -- --dry                       prints only the next version and its section of CHANGELOG.md
 *     npm run release -- --registry <URL>            the version that follows from the commits since the last release
 *     npm run release -- minor --registry <URL>      or patch, major, or a version such as 1.0.0
 *
 * When nothing has changed since the last release, it publishes the packages of the current version that the registry lacks, so the
 * same command finishes an interrupted release. `--no-publish` stops after the commit and its tag. `--repository <URL>` writes its
 * repository into every package; with `--provenance` npm signs a provenance statement.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { notesOf, released, sectionOf, unreleased } from './changelog.ts';
import { bumpOf, type Commit, commitsSince, notesFrom } from './commits.ts';
import { licencesPage } from './licences.ts';
import { provenanceProblem, withRepository } from './provenance.ts';
import { runtimeTree } from './runtime.ts';
import { billOfMaterials } from './sbom.ts';

const { inc } = createRequire(import.meta.url)('semver') as {
  readonly inc: (version: string, bump: string) => string;
};
const root = join(import.meta.dirname, '..');
const changelog = join(root, 'CHANGELOG.md');
// Nx, which lerna uses, would take the outermost folder where it is installed.
const env: NodeJS.ProcessEnv = { ...process.env, NX_WORKSPACE_ROOT_PATH: root, NX_DAEMON: 'false' };
const BUMPS = ['patch', 'minor', 'major'];
/** The maximum number of shown messages without a type. */
const MOST_UNTYPED = 10;

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

function changelogNow(): string {
  return readFileSync(changelog, 'utf8');
}

/** Today, in the format of the changelog. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Returns the commits since the tag of the current version; all of them before the first release. */
function commitsNow(): readonly Commit[] {
  const tag = `v${versionNow()}`;
  const hasTag = spawnSync('git', ['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`], { cwd: root });
  if (hasTag.status === 0) return commitsSince(root, tag);
  if (notesOf(changelogNow(), versionNow()) !== undefined)
    fail(`The tag ${tag} is missing, so it is unknown what is new. Fetch it: git fetch --tags.`);
  return commitsSince(root, undefined);
}

/** Prints the plan of a release. */
function showPlan(next: string | undefined, commits: readonly Commit[]): void {
  const untyped = commits.filter(({ type }) => type === undefined);
  console.log(`Commits since ${versionNow()}: ${commits.length}, without a type: ${untyped.length}`);
  for (const { hash, subject } of untyped.slice(0, MOST_UNTYPED))
    console.log(`  ${hash.slice(0, 7)} ${subject.slice(0, 70)}`);
  if (untyped.length > MOST_UNTYPED) console.log(`  and ${untyped.length - MOST_UNTYPED} more`);
  if (next !== undefined) console.log(`\n${sectionOf(changelogNow(), next, today(), notesFrom(commits))}`);
}

/** Raises the version of all packages, closes the section of the changelog, and commits both with a tag. */
function makeVersion(version: string, commits: readonly Commit[], repository: string | undefined): void {
  run(
    'lerna',
    'version',
    version,
    '--exact',
    '--force-publish',
    '--no-git-tag-version',
    '--no-push',
    '--yes',
    '--loglevel',
    'warn',
  );
  if (repository !== undefined) nameRepository(repository);
  writeFileSync(changelog, released(changelogNow(), version, today(), notesFrom(commits)));
  run('prettier', '--write', '--log-level', 'warn', changelog);
  run('npm', 'run', '--silent', 'generate');
  run('git', 'add', '--all');
  run('git', 'commit', '--quiet', '--message', `chore(release): ${version}`);
  run('git', 'tag', '--annotate', `v${version}`, '--message', `Waybill ${version}`);
}

/** Writes its repository into every package. */
function nameRepository(url: string): void {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  for (const folder of [...folders, 'presets']) {
    const file = join(root, folder, 'package.json');
    writeFileSync(file, withRepository(readFileSync(file, 'utf8'), url, folder));
  }
}

/** Writes the supply chain files of the package `waybill`. */
function writeSupplyChain(): void {
  const folder = join(root, 'packages/waybill');
  writeFileSync(join(folder, 'sbom.cdx.json'), billOfMaterials(root));
  writeFileSync(join(folder, 'LICENCES.md'), licencesPage(runtimeTree(root)));
}

/** Parses the arguments, and refuses impossible ones before anything is changed. */
function asked() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      dry: { type: 'boolean' },
      registry: { type: 'string' },
      repository: { type: 'string' },
      provenance: { type: 'boolean' },
      'no-publish': { type: 'boolean' },
    },
  });
  const [bump, ...more] = positionals;
  const isVersion = bump === undefined || BUMPS.includes(bump) || /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(bump);
  if (more.length > 0 || !isVersion)
    fail(`"${positionals.join(' ')}" is not a version. Use patch, minor, major, or a version such as 1.0.0.`);
  const { dry = false, registry, repository, provenance = false, 'no-publish': isLocal = false } = values;
  if (dry) return { bump, dry };
  if (!isLocal && (registry === undefined || !URL.canParse(registry)))
    fail('Name the registry: --registry <URL>, or use --no-publish.');
  if (repository !== undefined && !URL.canParse(repository))
    fail(`--repository is "${repository}"; it must be an address such as git+https://host/waybill.git.`);
  const problem = provenance ? provenanceProblem(env) : undefined;
  if (problem !== undefined) fail(problem);
  const dirty = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (dirty.status !== 0 || dirty.stdout !== '') fail('Commit or remove your changes first: git status.');
  return { bump, dry, repository, provenance, registry: isLocal ? undefined : registry };
}

/** Publishes the packages that a registry lacks. */
function publish(registry: string): void {
  // Otherwise build output of deleted files would be published too.
  for (const name of readdirSync(join(root, 'packages')))
    rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  run('npm', 'run', '--silent', 'build');
  writeSupplyChain();
  const how = ['--no-verify-access', '--yes', '--loglevel', 'warn'];
  run('lerna', 'publish', 'from-package', '--registry', registry, ...how);
  console.log(`Published ${versionNow()}. Push the commit and the tag: git push --follow-tags.`);
}

/** Returns the next version; undefined when there is nothing to release. */
function nextVersion(named: string | undefined, commits: readonly Commit[]): string | undefined {
  const hasNotes = unreleased(changelogNow()) !== '';
  if (commits.length === 0 && !hasNotes) return undefined;
  const bump = named ?? bumpOf(commits, versionNow()) ?? (hasNotes ? 'patch' : undefined);
  if (bump === undefined) return undefined;
  return BUMPS.includes(bump) ? inc(versionNow(), bump) : bump;
}

function main(): void {
  const { bump, dry, registry, repository, provenance } = asked();
  if (provenance === true) env['NPM_CONFIG_PROVENANCE'] = 'true';
  const commits = commitsNow();
  const next = nextVersion(bump, commits);
  if (next === undefined) console.log(`There is nothing to release: ${versionNow()}.`);
  if (dry) return showPlan(next, commits);
  if (next !== undefined) makeVersion(next, commits, repository);
  if (registry !== undefined) publish(registry);
}

main();
