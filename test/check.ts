/**
 * Runs the checks that run no code (lint, format, types) side by side, and shows what those say that fail.
 *
 *     npm run check
 *     node test/check.ts --beside vitest
 *
 * With `--beside`, they run at a low priority beside another script of the package, which waits more than it computes; the script's
 * output comes first.
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';

const CHECKS = ['lint', 'format:check', 'typecheck'];

interface Checked {
  readonly name: string;
  readonly code: number | null;
  readonly said: string;
}

function check(name: string, isPatient: boolean): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
    if (isPatient && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ name, code, said }));
  });
}

function run(name: string): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => resolve({ name, code, said: '' }));
  });
}

const { beside } = parseArgs({ options: { beside: { type: 'string' } } }).values;
const checks = CHECKS.map((name) => check(name, beside !== undefined));
const others = beside === undefined ? [] : [run(beside)];
for (const { name, code, said } of await Promise.all([...others, ...checks])) {
  if (code === 0) continue;
  console.error(`${said.trimEnd()}\n\n"npm run ${name}" fails.`.trimStart());
  process.exitCode = 1;
}
