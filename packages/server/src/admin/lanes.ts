import type { LaneKey, LoggedEvent, RetryRow } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import type { AdminInput } from './input.ts';
import { body, pick, query, user } from './read.ts';

/** Routes of lanes: status, waiting items, and early retries. */
export function laneRoutes(
  app: FastifyInstance,
  { delivery, editor, state, log, partitions }: AdminInput,
): void {
  const chosen = (destination: string | undefined): readonly string[] => {
    const all = editor.workspace.destinations;
    return (destination === undefined ? all : [pick(all, destination, 'destination')]).map(({ id }) => id);
  };
  const lanesOf = (destination: string): readonly LaneKey[] =>
    Array.from({ length: partitions }, (_, partition) => ({ destination, partition }));
  const named = async (rows: readonly RetryRow[]): Promise<readonly object[]> => {
    const events = new Map<number, LoggedEvent>(
      (await log.read({ seqs: rows.map(({ seq }) => seq) })).map((one) => [one.seq, one]),
    );
    return rows.map((row) => {
      const messageId = events.get(row.seq)?.event?.messageId;
      return messageId === undefined ? row : { ...row, messageId };
    });
  };

  app.get('/api/lanes', async () => delivery().ask('lanes'));
  app.get('/api/waiting', async (request) => {
    const { destination, user: person, limit = 100 } = query<'GET /api/waiting'>(request);
    const found = await Promise.all(
      chosen(destination)
        .flatMap(lanesOf)
        .map((lane) =>
          state.retries(
            person === undefined
              ? { lane, dueBy: Number.MAX_SAFE_INTEGER, limit }
              : { lane, user: user(person), limit },
          ),
        ),
    );
    const rows = found.flat();
    const sorted = person === undefined ? rows.toSorted((a, b) => a.dueAt - b.dueAt) : rows;
    return named(sorted.slice(0, limit));
  });
  app.post('/api/waiting/now', async (request) => {
    const { destination, user: person } = body<'POST /api/waiting/now'>(request);
    const who = person === undefined ? [] : [user(person)];
    return { users: await delivery().ask('hurry', chosen(destination), ...who) };
  });
}
