import { afterAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { tempDir, openLog, openState, key } from './support.ts';

const KILLS = 6;
const WRITER = fileURLToPath(new URL('./children/writer.ts', import.meta.url));

describe('a killed process', () => {
  const temp = tempDir();
  afterAll(temp.clean);

  it('loses no acknowledged event, and leaves outcomes and cursor consistent', async () => {
    const files = [temp.path('log.db'), temp.path('state.db')] as const;
    const acknowledged = new Set<number>();
    let next = 1;
    let settled = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = spawn(
        process.execPath,
        ['--conditions=source', '--disable-warning=ExperimentalWarning', WRITER, ...files, String(next)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      // A process that ends without output fails the test at once.
      await Promise.race([once(child.stdout, 'data'), once(child.stdout, 'end')]);
      await new Promise((resolve) => setTimeout(resolve, 20 + ((kill * 67) % 150)));
      child.kill('SIGKILL');
      await once(child, 'close');
      for (const line of output.split('\n').slice(0, -1)) {
        const [kind, first = '0', last = '0'] = line.split(' ');
        if (kind === 's') settled = Number(first);
        else for (let n = Number(first); n <= Number(last); n += 1) acknowledged.add(n);
      }

      const log = openLog({ file: files[0] });
      const state = openState({ file: files[1] });
      const stored = await log.read({ after: 0, limit: 1_000_000 });
      const ids = stored.map((one) => one.event.messageId);
      expect(new Set(ids).size).toBe(ids.length);
      const found = new Set(ids);
      expect([...acknowledged].filter((n) => !found.has(`m${n}`))).toEqual([]);
      const cursor = (await state.lane(key('l')))?.cursor ?? 0;
      expect(cursor).toBeGreaterThanOrEqual(settled);
      expect(cursor).toBeLessThanOrEqual(await log.lastSeq());
      const seqs = stored.map((one) => one.seq);
      const outcomes = (await state.outcomes(seqs)).map((row) => row.seq);
      const waiting = (await state.retries({ seqs: seqs })).map((row) => row.seq);
      expect([...outcomes, ...waiting].sort((a, b) => a - b)).toEqual(seqs.filter((seq) => seq <= cursor));
      expect((await state.lane(key('l')))?.waiting).toBe(waiting.length);
      // Unacknowledged events may exist or not; sending them again resolves that.
      next = 1 + Math.max(0, ...[...found].map((id) => Number(id.slice(1))), ...acknowledged);
      await log.close();
      await state.close();
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
  }, 300_000);
});
