import { describe, expect, it } from 'vitest';
import { createSandbox } from '@waybill/iterable-sandbox';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { soak } from './soak.ts';
import { PROJECT_TYPES } from './support.ts';

interface Question {
  readonly default: string;
  readonly readings: readonly string[];
  readonly point: string;
}

/** Every open question with each of its other interpretations, from the sandbox. */
async function otherReadings(): Promise<readonly { readonly name: string; readonly reading: string }[]> {
  const sandbox = await createSandbox({});
  const answer = await fetch(`${sandbox.url}/_sandbox/switches`);
  const questions = (await answer.json()) as Readonly<Record<string, Question>>;
  await sandbox.close();
  return Object.entries(questions).flatMap(([name, { default: usual, readings }]) =>
    readings.filter((reading) => reading !== usual).map((reading) => ({ name, reading })),
  );
}

const others = await otherReadings();
const all = process.env['ITERABLE_SWITCHES'] === 'all';

describe('the open questions about Iterable', () => {
  it('have an alternative reading each', () => {
    expect(new Set(others.map(({ name }) => name)).size).toBeGreaterThanOrEqual(27);
  });

  // The quick pass: under every interpretation and project type, every outcome is correct.
  it.each(others)('leave every outcome true when $name is read as $reading', async ({ name, reading }) => {
    for (const projectType of PROJECT_TYPES) {
      const report = await soak({
        events: 60,
        users: 20,
        projectType,
        bad: 0.25,
        seed: 3,
        switches: { [name]: reading },
      });
      expect(report.examples).toEqual([]);
      expect(report.wrong).toBe(0);
    }
  });
});

// ITERABLE_SWITCHES=all runs every other test of the folder for every interpretation.
(all ? describe : describe.skip)('the whole suite', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const suites = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts') && name !== 'switches.test.ts')
    .map((name) => `${folder}${name}`);

  it.each(others)(
    'passes when $name is read as $reading',
    ({ name, reading }) => {
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const { status, stderr } = spawnSync(
        process.execPath,
        ['node_modules/vitest/vitest.mjs', 'run', '--silent', ...suites],
        { cwd: root, encoding: 'utf8', env: { ...process.env, ITERABLE_SWITCHES: `${name}=${reading}` } },
      );
      const failures = stderr.split('\n').filter((line) => line.includes(' FAIL '));
      expect({ failures, status }).toEqual({ failures: [], status: 0 });
    },
    300_000,
  );
});
