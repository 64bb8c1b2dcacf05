import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { openStores, type Settlement, type Stores, type StoresOptions } from '../../src/index.ts';
import { deadLetter, event, retry } from '../../src/stores/suite/tools.ts';
import { testPostgres } from './server.ts';

const OPTIONS: StoresOptions = { writes: ['log', 'state'] };

describe('the guarantees of PostgreSQL', () => {
  let url = '';
  let client: pg.Client;
  const opened: Stores[] = [];
  const open = async (schema: string, more = ''): Promise<Stores> => {
    const stores = await openStores(`${url}?schema=${schema}${more}`, OPTIONS);
    opened.push(stores);
    return stores;
  };
  beforeAll(async () => {
    url = await (await testPostgres()).database();
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await Promise.all(opened.map((stores) => stores.close()));
  });

  it('no reader skips a position, in any order of commits', async () => {
    const [reader, ...writers] = await Promise.all(
      Array.from({ length: 5 }, () => open('visible', '&partitions=2&connections=3')),
    );
    // Every commit takes a different time after its positions were drawn.
    await client.query(
      `CREATE FUNCTION visible.dawdle() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(random() * random() * 0.02); RETURN NULL; END $$;
       CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON visible.events DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION visible.dawdle()`,
    );
    const seen: number[][] = [[], []];
    const look = async (): Promise<void> => {
      for (const [partition, seqs] of seen.entries()) {
        const rows = await reader!.log.read({ after: seqs.at(-1) ?? 0, limit: 10, partition });
        seqs.push(...rows.map(({ seq }) => seq));
      }
    };
    let appending = true;
    const watching = (async () => {
      while (appending) await look();
    })();
    await Promise.all(
      writers.map(async ({ log }, writer) => {
        for (let n = 0; n < 50; n += 1)
          await log.append([{ sourceId: 's', event: event(`${writer} ${n}`, {}, `u${n % 7}`) }]);
      }),
    );
    appending = false;
    await watching;
    for (let looks = 0; looks < 30; looks += 1) await look();
    expect(seen.flat().length).toBe(200);
    for (const [partition, seqs] of seen.entries()) {
      const all = await reader!.log.read({ after: 0, limit: 1_000, partition });
      expect(seqs).toEqual(all.map(({ seq }) => seq));
    }
  }, 60_000);

  it('a long transaction of others hides no event from readers', async () => {
    const { log } = await open('alone');
    await client.query('BEGIN; SELECT pg_current_xact_id()');
    try {
      await log.append([{ sourceId: 's', event: event('a') }]);
      expect(await log.lastSeq()).toBe(1);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('strings are stored unchanged, with characters that PostgreSQL lacks', async () => {
    const { log, state } = await open('texts');
    const user = 'u:a\0b\u0001c';
    await log.append([{ sourceId: 's\0', event: event('id\0', { text: '\0\u0001\u0002' }, user) }]);
    const [row] = await log.read({ messageId: 'id\0' });
    expect([row?.sourceId, row?.event]).toEqual(['s\0', event('id\0', { text: '\0\u0001\u0002' }, user)]);
    const letter = deadLetter(1, { user, message: 'No\0.', payload: { a: '\0' } });
    await state.settle({ destination: 'l', retries: [retry(1, { user })], deadLetters: [letter] });
    expect(await state.parked({ destination: 'l', partition: 0 })).toEqual([user]);
    expect(await state.deadLetters({ user })).toMatchObject([letter]);
  });

  it('messages are found by keys that begin with their time, and by those of the log of an older version', async () => {
    const time = 1_668_208_232_027;
    const uuid = '01846B2D-F15B-7ABC-8DEF-0123456789AB';
    const ids = [
      `node-next-${time}-743be593`,
      `${time}00000000017`,
      uuid,
      uuid.toLowerCase(),
      'order 7',
      '555',
    ];
    const keysOf = async (schema: string): Promise<readonly string[]> => {
      const { log } = await open(schema);
      for (const expected of [true, false]) {
        const stored = await log.append(ids.map((id) => ({ sourceId: 's', event: event(id) })));
        expect(stored.map(({ accepted }) => accepted)).toEqual(ids.map(() => expected));
      }
      for (const id of ids)
        expect((await log.read({ messageId: id })).map((one) => one.event?.messageId)).toEqual([id]);
      const { rows } = await client.query<{ key: string }>(
        `SELECT replace(message::text, '-', '') AS key FROM ${schema}.events ORDER BY seq`,
      );
      return rows.map(({ key }) => key);
    };
    const digests = ids.map((id) => hash('sha256', id, 'hex'));
    const first = time.toString(16).padStart(12, '0');
    const times = [first, first, '01846b2df15b', '01846b2df15b', '', ''];
    expect(await keysOf('timed')).toEqual(digests.map((one, n) => (times[n] + one).slice(0, 32)));
    await (await open('hashed')).close();
    opened.pop();
    await client.query("UPDATE hashed.log SET keys = 'hashed'");
    expect(await keysOf('hashed')).toEqual(digests.map((one) => one.slice(0, 32)));
  });

  it('a settlement that was committed and not answered is not applied again', async () => {
    const { state } = await open('again');
    const settlement: Settlement = {
      destination: 'l',
      cursor: 1,
      outcomes: [
        {
          destination: 'l',
          seq: 1,
          mappingId: 'm',
          status: 'rejected',
          code: 'payload_null',
          attempts: 1,
          at: 1,
        },
      ],
      deadLetters: [deadLetter(1)],
    };
    await state.settle(settlement);
    await state.settle({ destination: 'l', cursor: 2 });
    await state.settle(settlement);
    expect(await state.stats()).toMatchObject([{ cursor: 2, rejected: 1, deadLetters: 1 }]);
    expect((await state.deadLetters({})).length).toBe(1);
  });

  it('shares of a limit are never used twice, for concurrent requests, and expire', async () => {
    const all = await Promise.all([open('parts'), open('parts'), open('parts')]);
    const ask = async (at: number, wanted: number, ttl = 60_000): Promise<number> =>
      (await all[at]!.peers!.divide(`${at}`, [{ name: 'd', own: 1 / 3, wanted }], ttl)).get('d')!;
    const third = 1 / 3;
    expect([await ask(0, 1), await ask(1, 0), await ask(2, 0)]).toEqual([third, 0, 0]);
    expect(await ask(0, 1)).toBeCloseTo(1);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([ask(0, 1), ask(1, round % 2), ask(2, 1)]);
      const { rows } = await client.query<{ sum: number }>('SELECT sum(part) FROM parts.limit_parts');
      expect(rows[0]!.sum).toBeLessThanOrEqual(1 + 1e-9);
    }
    await all[1]!.peers!.leave('delivery', '1');
    await ask(2, 1, 0);
    expect([await ask(0, 1), await ask(2, 1)]).toEqual([third, third]);
  });

  it('events are dropped with their table when none of it is needed, and one by one otherwise', async () => {
    const { log } = await open('old');
    await log.append(Array.from({ length: 10 }, (_, n) => ({ sourceId: 's', event: event(`a${n}`) })));
    // The last position of the first table, and with it one of the next.
    await log.startAfter(131_070);
    await log.append(Array.from({ length: 4 }, (_, n) => ({ sourceId: 's', event: event(`b${n}`) })));
    const tables = async (): Promise<number> =>
      Number((await client.query('SELECT count(*) FROM old.ranges')).rows[0].count);
    const all = { upTo: 131_073, before: Date.now() + 1_000, maxBytes: 2 ** 40 };
    expect(await tables()).toBe(2);
    await client.query(
      "INSERT INTO old.ids SELECT gen_random_uuid(), 's', 1, 1 FROM generate_series(1, 11000)",
    );
    const kept = await log.prune({ ...all, keep: async () => [5] });
    expect([kept.removed, await tables()]).toEqual([12, 2]);
    const { rows: ids } = await client.query('SELECT count(*)::int AS count FROM old.ids');
    expect(ids).toEqual([{ count: 14 }]);
    expect((await log.read({ after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([5, 131_074]);
    const dropped = await log.prune({ ...all, keep: async () => [] });
    expect([dropped.removed, await tables()]).toEqual([1, 1]);
    expect((await log.read({ after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([131_074]);
    expect((await log.extent()).firstSeq).toBe(131_074);
  });
});

describe('the address of stores in PostgreSQL', () => {
  const failure = async (address: string): Promise<string> =>
    openStores(address, OPTIONS).then(
      () => '',
      (error: Error) => `${error.message} ${JSON.stringify(error)}`,
    );

  it('is never shown with its password', async () => {
    const none = 'postgres://ada:hush-hush@127.0.0.1:1/db';
    expect(await failure(none)).toContain('PostgreSQL at 127.0.0.1:1/db accepts no connection');
    for (const address of [
      none,
      'postgres://ada:hush-hush@',
      'postgres://ada:hush-hush@[/db',
      `${none}?partitions=x`,
    ])
      expect(await failure(address)).not.toContain('hush-hush');
  });

  it('has a message for each mistake', async () => {
    expect(await failure('postgres://a/b?schema=No')).toContain('schema');
    expect(await failure('postgres://a/b?partitions=0')).toContain('"partitions"');
  });
});
