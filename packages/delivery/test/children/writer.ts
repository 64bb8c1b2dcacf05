/**
 * Appends numbered events and settles them until it is killed. Reports on stdout what was acknowledged:
 * `a <first> <last>` for appended events, `s <cursor>` for a settled step.
 */
import { writeSync } from 'node:fs';
import { type OutcomeRow } from '../../src/index.ts';
import { openLog, openState, key } from '../support.ts';

const [logFile = '', stateFile = '', from = '1'] = process.argv.slice(2);
const log = openLog({ file: logFile });
const state = openState({ file: stateFile });
const at = '2025-06-01T12:00:00.000Z';
const tell = (text: string): void => void writeSync(1, `${text}\n`);
let next = Number(from);

async function appendForEver(): Promise<never> {
  for (;;) {
    const first = next;
    next += 1 + (first % 7);
    const numbers = Array.from({ length: next - first }, (_, n) => first + n);
    const times = { timestamp: at, receivedAt: at };
    await log.append(
      numbers.map((n) => ({
        sourceId: 's',
        event: { type: 'track', event: 'E', messageId: `m${n}`, userId: `u${n % 9}`, ...times },
      })),
    );
    tell(`a ${first} ${numbers.at(-1)}`);
  }
}

async function settleForEver(): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const cursor = (await state.lane(key('l')))?.cursor ?? 0;
    const events = await log.read({ after: cursor, limit: 50 });
    const last = events.at(-1);
    if (last === undefined) continue;
    const rows = events.map(({ seq }): OutcomeRow => {
      return { destination: 'l', seq, mappingId: 'm', status: 'delivered', attempts: 1, at: 1 };
    });
    const parked = events.filter(({ seq }) => seq % 10 === 0);
    await state.settle({
      destination: 'l',
      cursor: last.seq,
      outcomes: rows.filter(({ seq }) => seq % 10 !== 0),
      retries: parked.map(({ seq, event }) => {
        const user = `u:${event.userId}`;
        return { destination: 'l', seq, mappingId: 'm', position: 0, user, attempts: 1, dueAt: 0 };
      }),
    });
    tell(`s ${last.seq}`);
  }
}

await Promise.race([appendForEver(), appendForEver(), appendForEver(), settleForEver()]);
