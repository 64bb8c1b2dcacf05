/**
 * Runs the attacks at full counts against new servers on this machine. Arguments narrow them by path.
 *
 *     npm run attack
 *     npm run attack -- test/attack/admission
 */
import { spawnSync } from 'node:child_process';

const paths = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--no-file-parallelism',
    '--testTimeout=900000',
    '--hookTimeout=900000',
    ...(paths.length === 0 ? ['test/attack'] : paths),
  ],
  { stdio: 'inherit', env: { ...process.env, WAYBILL_ATTACK: 'full' } },
);
process.exitCode = status ?? 1;
