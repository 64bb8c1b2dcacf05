import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** What a message says in the form of Conventional Commits; members are null where it does not. */
interface Parsed {
  readonly header: string | null;
  readonly type?: string | null;
  readonly scope?: string | null;
  readonly breaking?: string | null;
  readonly subject?: string | null;
  readonly notes: readonly { readonly text: string }[];
  readonly revert: { readonly header: string; readonly hash: string } | null;
}

const { sync: parse } = createRequire(import.meta.url)('conventional-commits-parser') as {
  readonly sync: (message: string, options: object) => Parsed;
};
const FORM = {
  headerPattern: /^(\w+)(?:\(([^()]+)\))?(!?): (.+)$/,
  headerCorrespondence: ['type', 'scope', 'breaking', 'subject'],
  // What git writes for a revert, and for the revert of one.
  revertPattern: /^(?:Revert|Reapply) "([\s\S]*)"\s*This reverts commit (\w+)/,
};

/** A commit since the last release. */
export interface Commit {
  readonly hash: string;
  /** The first word of its message, such as `feat`; undefined when that is none of the types that are known. */
  readonly type: string | undefined;
  readonly scope: string | undefined;
  readonly subject: string;
  /** What people must change because of it. */
  readonly breaking: string | undefined;
  /** The commit that it reverts. */
  readonly reverts: string | undefined;
}

/** How far a release raises the version. */
export type Bump = 'major' | 'minor' | 'patch';

/** Types that whoever runs Waybill sees, with the headings of their lists in the changelog. */
const VISIBLE: Readonly<Record<string, string>> = {
  feat: 'Features',
  fix: 'Fixes',
  perf: 'Performance',
  revert: 'Reverts',
};
const INTERNAL = new Set(['build', 'chore', 'ci', 'docs', 'refactor', 'style', 'test']);

/** Reads the message of a commit. */
export function readCommit(hash: string, message: string): Commit {
  const { header, type, scope, breaking, subject, notes, revert } = parse(message, FORM);
  const kind = revert === null ? type?.toLowerCase() : 'revert';
  const hasType = kind !== undefined && (Object.hasOwn(VISIBLE, kind) || INTERNAL.has(kind));
  const said = revert?.header ?? (hasType ? subject : header) ?? '';
  return {
    hash,
    type: hasType ? kind : undefined,
    scope: hasType ? (scope ?? undefined) : undefined,
    subject: said,
    breaking: notes[0]?.text.trim() ?? (breaking === '!' ? said : undefined),
    reverts: revert?.hash,
  };
}

/** The commits since a tag, or all, latest first: without merges, and without those that were reverted since and their reverts. */
export function commitsSince(root: string, tag: string | undefined): readonly Commit[] {
  const range = tag === undefined ? 'HEAD' : `${tag}..HEAD`;
  const args = ['log', '-z', '--no-merges', '--format=%H%n%B', range];
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`git log failed: ${stderr}`);
  const commits = stdout
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => readCommit(one.slice(0, one.indexOf('\n')), one.slice(one.indexOf('\n') + 1)));
  return withoutReverted(commits);
}

function withoutReverted(commits: readonly Commit[]): readonly Commit[] {
  const gone = new Set<string>();
  // Latest first: a revert that was itself reverted counts no more.
  for (const { hash, reverts } of commits) {
    const target = reverts === undefined || gone.has(hash) ? undefined : commits.find(startsWith(reverts));
    if (target !== undefined) gone.add(hash).add(target.hash);
  }
  return commits.filter(({ hash }) => !gone.has(hash));
}

function startsWith(short: string): (commit: Commit) => boolean {
  return ({ hash }) => hash.startsWith(short);
}

/**
 * How far commits raise a version; undefined when they change nothing for whoever runs Waybill. A message without a type may stand for
 * anything, so it raises the patch version at least. Below 1.0.0 a breaking change raises the minor version, as Lerna has it.
 */
export function bumpOf(commits: readonly Commit[], version: string): Bump | undefined {
  if (commits.some(({ breaking }) => breaking !== undefined))
    return version.startsWith('0.') ? 'minor' : 'major';
  if (commits.some(({ type }) => type === 'feat')) return 'minor';
  return commits.some(({ type }) => type === undefined || !INTERNAL.has(type)) ? 'patch' : undefined;
}

/** The part of a changelog that commits make: breaking changes, then each visible type. */
export function notesFrom(commits: readonly Commit[]): string {
  const breaking = commits.flatMap((one) =>
    one.breaking === undefined ? [] : [{ ...one, subject: one.breaking.replaceAll(/\s+/g, ' ') }],
  );
  const parts = Object.entries(VISIBLE).map(
    ([type, title]) => [title, commits.filter((one) => one.type === type)] as const,
  );
  return [['Breaking changes', breaking] as const, ...parts]
    .filter(([, those]) => those.length > 0)
    .map(([title, those]) => `### ${title}\n\n${those.map(line).join('\n')}`)
    .join('\n\n');
}

function line({ hash, scope, subject }: Commit): string {
  // A subject is no HTML, and has no links.
  const text = subject.replaceAll(/`[^`]*`|[<[]/g, (one) => (one.length > 1 ? one : `\\${one}`));
  return `- ${scope === undefined ? '' : `**${scope}:** `}${text} (${hash.slice(0, 7)})`;
}
