/**
 * Runs the benchmarks one after the other, each in a separate process, and writes the results to
 * `docs/performance.json`, with a table in `docs/performance.md`.
 *
 *     npm run bench
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const benches = ['mapping', 'trigger', 'validation'];

const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
const results: Record<string, unknown> = {};
let text = '';
try {
  for (const name of benches) {
    const file = join(folder, `${name}.json`);
    console.log(`\n== ${name}`);
    const run = spawnSync(process.execPath, [join(root, `test/bench/${name}.bench.ts`), '--json', file], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    console.log(run.stdout);
    if (run.status !== 0) throw new Error(`The benchmark "${name}" failed.`);
    results[name] = JSON.parse(readFileSync(file, 'utf8'));
    text += `\n## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n\`\`\`text\n${run.stdout.trim()}\n\`\`\`\n`;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
writeFileSync(join(root, 'docs/performance.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
writeFileSync(
  join(root, 'docs/performance.md'),
  `# Performance

\`npm run bench\` writes this page. It measures the peer package from npm in the same run, after checking that both return the same result.
Compare the ratios: absolute times depend on the machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}.
The same numbers as JSON: [performance.json](performance.json).
${text}`,
);
