import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSteps, type Step } from '../guide/steps.ts';
import { type Scratch, scratchCopy } from './scratch.ts';

const root = resolve(import.meta.dirname, '../..');
const steps = readSteps(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

describe('the recipes of CONTRIBUTING.md', () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = scratchCopy(root);
  }, 60_000);
  afterAll(() => scratch?.remove());

  function take(step: Step): void {
    switch (step.kind) {
      case 'file': {
        const file = join(scratch.folder, step.path);
        expect(existsSync(file)).toBe(false);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, step.text);
        return;
      }
      case 'edit': {
        const file = join(scratch.folder, step.path);
        const parts = readFileSync(file, 'utf8').split(step.before);
        expect(parts).toHaveLength(2);
        writeFileSync(file, parts.join(step.after));
        return;
      }
      case 'run':
        for (const command of step.commands) scratch.run(command);
        return;
      default:
        throw new Error(`Line ${step.line}: a recipe has no ${step.kind}.`);
    }
  }

  it('work from the first step to the last', () => {
    expect(steps.map(({ kind }) => kind).filter((kind) => kind === 'run')).toHaveLength(2);
  });
  for (const step of steps) {
    const what = step.kind === 'run' ? step.commands.join('; ') : 'path' in step ? step.path : '';
    it(`line ${step.line}: ${step.kind} ${what}`, () => take(step), 300_000);
  }
});
