import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** The parts of a Conventional Commits message; missing ones are null. */
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
  // The messages that git writes for a revert, and for the revert of a revert.
  revertPattern: /^(?:Revert|Reapply) "([\s\S]*)"\s*This reverts commit (\w+)/,
};

/** A commit since the last release. */
export interface Commit {
  readonly hash: string;
  /** The type in its message, such as `feat`; undefined for an unknown one. */
  readonly type: string | undefined;
  readonly scope: string | undefined;
  readonly subject: string;
  /** The description of its breaking change. */
  readonly breaking: string | undefined;
  /** The commit that it reverts. */
  readonly reverts: string | undefined;
}

/** The part of the version that a release raises. */
export type Bump = 'major' | 'minor' | 'patch';

/** Types that users see, with the headings of their lists in the changelog. */
const VISIBLE: Readonly<Record<string, string>> = {
  feat: 'Features',
  fix: 'Fixes',
  perf: 'Performance',
  revert: 'Reverts',
};
const INTERNAL = new Set(['build', 'chore', 'ci', 'docs', 'refactor', 'style', 'test']);

/** Parses the message of a commit. */
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

/** Returns the commits since a tag, or all, latest first: without merges, reverted commits and their reverts. */
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
  // Latest first: a revert that was itself reverted no longer counts.
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
 * Returns the part of the version that commits raise; undefined when they change nothing for users. A message without a type may be
 * anything, so it raises at least the patch version. Below 1.0.0 a breaking change raises the minor version, as in Lerna.
 */
export function bumpOf(commits: readonly Commit[], version: string): Bump | undefined {
  if (commits.some(({ breaking }) => breaking !== undefined))
    return version.startsWith('0.') ? 'minor' : 'major';
  if (commits.some(({ type }) => type === 'feat')) return 'minor';
  return commits.some(({ type }) => type === undefined || !INTERNAL.has(type)) ? 'patch' : undefined;
}

/** Returns the part of a changelog from commits: breaking changes, then each visible type. */
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
  // A subject is not HTML, and has no links.
  const text = subject.replaceAll(/`[^`]*`|[<[]/g, (one) => (one.length > 1 ? one : `\\${one}`));
  return `- ${scope === undefined ? '' : `**${scope}:** `}${text} (${hash.slice(0, 7)})`;
}
