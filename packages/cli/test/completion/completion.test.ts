import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { run } from '../output/run.ts';

describe('waybill completion', () => {
  it('completes commands, subcommands, options and files in bash', async () => {
    const { out } = await run('completion', 'bash');
    const complete = (...words: string[]): string[] => {
      const script = `${out}\nCOMP_WORDS=(waybill ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _waybill; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const done = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname });
      expect(done.stderr).toBe('');
      return done.stdout.trim().split('\n');
    };
    expect(complete('dead')).toEqual(['deadletters']);
    expect(complete('deadletters', '')).toEqual(expect.arrayContaining(['list', 'show']));
    expect(complete('deadletters', 'list', '--mapp')).toEqual(['--mapping']);
    expect(complete('apply', 'compl')).toEqual(['completion.test.ts']);
    expect(complete('')).not.toContain('reference');
  });

  it('has scripts for zsh and fish, and names the supported shells', async () => {
    expect((await run('completion', 'zsh')).out).toContain('#compdef waybill');
    expect((await run('completion', 'fish')).out).toMatch(
      /complete -c waybill -n '__waybill_at "deadletters"' -a list/,
    );
    expect((await run('completion', 'zsh', '--json')).json()).toMatchObject({ shell: 'zsh' });
    expect((await run('completion', 'tcsh')).code).toBe(2);
  });
});
