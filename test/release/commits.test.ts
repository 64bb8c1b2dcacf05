import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notesOf, released, unreleased } from '../../release/changelog.ts';
import { bumpOf, type Commit, commitsSince, notesFrom, readCommit } from '../../release/commits.ts';

const said = (...messages: readonly string[]): readonly Commit[] =>
  messages.map((message, at) => readCommit(String(at).repeat(40), message));

describe('a version', () => {
  it.each([
    ['patch', ['fix: a bug']],
    ['patch', ['perf(core): fewer copies', 'docs: a page']],
    ['minor', ['fix: a bug', 'feat(cli): a command']],
    ['major', ['fix: a bug', 'refactor!: an old setting is gone']],
    ['major', ['feat: a setting\n\nWhy.\n\nBREAKING CHANGE: the old one is gone.']],
    // A message without a type may be anything.
    ['patch', ['Polls no longer wait', 'chore: tidy']],
    ['patch', ['README: what an installation takes']],
    [undefined, ['docs: a page', 'test(e2e): one more', 'chore(release): 1.0.0', 'build: a pin']],
    [undefined, []],
  ])('is raised by %s for %j', (bump, messages) => {
    expect(bumpOf(said(...messages), '1.2.3')).toBe(bump);
  });

  it('below 1.0.0 stays there with breaking changes', () => {
    expect(bumpOf(said('feat!: all is new'), '0.2.0')).toBe('minor');
  });
});

describe('commits since a tag', () => {
  let folder: string;
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  const commit = (message: string): string => {
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', '--short=7', 'HEAD');
  };
  // Commits are empty, so git itself would not revert them.
  const revert = (header: string): string =>
    commit(`${header}\n\nThis reverts commit ${git('rev-parse', 'HEAD')}.`);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-commits-'));
    git('init', '--quiet', '--initial-branch', 'main');
    git('config', 'user.name', 'A');
    git('config', 'user.email', 'a@example.com');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are listed by what they change, without what was taken back', () => {
    commit('feat: before the tag');
    git('tag', 'v0.1.0');
    const feat = commit('feat(cli): `events tail` takes <name>');
    const fix = commit('fix: an item [of a list]');
    const breaking = commit(
      'refactor(server)!: old flags\n\nWhy.\n\nBREAKING CHANGE: `--old` is gone,\nuse `--new`.',
    );
    commit('chore: tidy');
    commit('Without a type');
    commit('feat: a mistake');
    revert('Revert "feat: a mistake"');
    commit('feat: no mistake');
    revert('Revert "feat: no mistake"');
    revert('Reapply "feat: no mistake"');
    const commits = commitsSince(folder, 'v0.1.0');
    expect(commits.map(({ subject }) => subject)).toEqual([
      'no mistake',
      'Without a type',
      'tidy',
      'old flags',
      'an item [of a list]',
      '`events tail` takes <name>',
    ]);
    expect(notesFrom(commits.slice(1))).toBe(
      [
        `### Breaking changes\n\n- **server:** \`--old\` is gone, use \`--new\`. (${breaking})`,
        `### Features\n\n- **cli:** \`events tail\` takes \\<name> (${feat})`,
        `### Fixes\n\n- an item \\[of a list] (${fix})`,
      ].join('\n\n'),
    );
    expect(commitsSince(folder, undefined).map(({ subject }) => subject)).toContain('before the tag');
    expect(() => commitsSince(folder, 'v9.9.9')).toThrow('git log failed');
  });
});

describe('the changelog of a release', () => {
  const text = '# Changes\n\n## Unreleased\n\n- One,\n  in two lines.\n\n## 0.1.0 (2026-01-01)\n\n- Zero.\n';

  it('keeps hand-written notes, followed by those of commits, and leaves nothing open', () => {
    const after = released(text, '0.2.0', '2026-02-03', '### Fixes\n\n- a bug (1234567)');
    expect(after).toBe(
      '# Changes\n\n## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n- One,\n  in two lines.\n\n### Fixes\n\n- a bug (1234567)\n\n## 0.1.0 (2026-01-01)\n\n- Zero.\n',
    );
    expect([unreleased(after), notesOf(after, '0.1.0')]).toEqual(['', '- Zero.']);
    expect(() => released(after, '0.2.0', '2026-02-04', '')).toThrow('already has 0.2.0');
  });

  it('has a section also without hand-written notes, or without typed commits', () => {
    const first = released('# Changes\n\n## Unreleased\n', '0.1.0', '2026-01-01', '### Fixes\n\n- a');
    expect(first).toBe('# Changes\n\n## Unreleased\n\n## 0.1.0 (2026-01-01)\n\n### Fixes\n\n- a\n');
    expect(released(text, '0.2.0', '2026-02-03', '')).toContain('in two lines.\n\n## 0.1.0');
    expect(() => unreleased('# Changes\n')).toThrow('has no section');
  });

  it('can be made of the one of this repository', () => {
    const own = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
    expect(released(own, '99.0.0', '2026-02-03', '')).toContain(
      `## 99.0.0 (2026-02-03)\n\n${unreleased(own)}`,
    );
  });
});
