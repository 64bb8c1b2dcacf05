/** Runs the checks that run no code (lint, format, types) side by side, and shows what those say that fail. */
import { spawn } from 'node:child_process';

const CHECKS = ['lint', 'format:check', 'typecheck'];

interface Checked {
  readonly name: string;
  readonly code: number | null;
  readonly said: string;
}

function check(name: string): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
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

for (const { name, code, said } of await Promise.all(CHECKS.map(check))) {
  if (code === 0) continue;
  console.error(`${said.trimEnd()}\n\n"npm run ${name}" fails.`);
  process.exitCode = 1;
}
