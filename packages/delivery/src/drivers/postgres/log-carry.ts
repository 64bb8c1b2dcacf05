import type {
  Carried,
  CarriedOf,
  CarriedPage,
  CarriedWrite,
  Carry,
  Timer,
  TimerFilter,
  TimerWrite,
} from '../../stores/log.ts';
import type { Lease } from '../../stores/leases.ts';
import type { Statements } from './database.ts';

/** Whether another holder has taken over an owner; until the transaction ends nobody can. */
export async function isStaleOwner(statements: Statements, { key, epoch }: Lease<string>): Promise<boolean> {
  const row = await statements.one<{ epoch: number }>(
    'SELECT epoch FROM ~owners WHERE owner = $1 FOR UPDATE',
    key,
  );
  return row?.epoch !== epoch;
}

/** Writes the carry of an owner; call it within a transaction. */
export async function writeCarry(
  statements: Statements,
  { lease: { key: owner }, cursor, state = [], timers = [] }: Carry,
): Promise<void> {
  if (cursor !== undefined)
    await statements.run('UPDATE ~owners SET cursor = $2 WHERE owner = $1', owner, cursor);
  await writeState(statements, owner, [...new Map(state.map((one) => [one.key, one])).values()]);
  const distinct = new Map(timers.map((one) => [`${one.due} ${one.key}`, one]));
  await writeTimers(statements, owner, [...distinct.values()]);
}

async function writeState({ run }: Statements, owner: string, rows: readonly CarriedWrite[]): Promise<void> {
  const gone = rows.filter(({ value }) => value === undefined);
  const kept = rows.filter(({ value }) => value !== undefined);
  if (gone.length > 0)
    await run(
      'DELETE FROM ~carried WHERE owner = $1 AND key = ANY ($2::text[])',
      owner,
      gone.map(({ key }) => key),
    );
  if (kept.length > 0)
    await run(
      `INSERT INTO ~carried SELECT $1, one.key, one.value FROM unnest($2::text[], $3::bytea[]) AS one (key, value)
       ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value`,
      owner,
      kept.map(({ key }) => key),
      kept.map(({ value }) => value),
    );
}

async function writeTimers({ run }: Statements, owner: string, rows: readonly TimerWrite[]): Promise<void> {
  const gone = rows.filter(({ value }) => value === undefined);
  const kept = rows.filter(({ value }) => value !== undefined);
  if (gone.length > 0)
    await run(
      `DELETE FROM ~timers USING unnest($2::bigint[], $3::text[]) AS one (due, key)
       WHERE timers.owner = $1 AND timers.due = one.due AND timers.key = one.key`,
      owner,
      gone.map(({ due }) => due),
      gone.map(({ key }) => key),
    );
  if (kept.length > 0)
    await run(
      `INSERT INTO ~timers SELECT $1, one.* FROM unnest($2::bigint[], $3::text[], $4::bytea[]) AS one (due, key, value)
       ON CONFLICT (owner, due, key) DO UPDATE SET value = excluded.value`,
      owner,
      kept.map(({ due }) => due),
      kept.map(({ key }) => key),
      kept.map(({ value }) => value),
    );
}

/** Reads what an owner has carried. */
export async function findCarried(
  statements: Statements,
  owner: string,
  keys: readonly string[],
): Promise<Carried> {
  const row = await statements.one<{ cursor: string | null }>(
    'SELECT cursor FROM ~owners WHERE owner = $1',
    owner,
  );
  const cursor = row?.cursor ?? undefined;
  const state = (await findCarriedOf(statements, [owner], keys)).get(owner)!;
  return { state, ...(cursor === undefined ? {} : { cursor }) };
}

/** Reads the values of some keys, for each of some owners. */
export async function findCarriedOf(
  { all }: Statements,
  owners: readonly string[],
  keys: readonly string[],
): Promise<CarriedOf> {
  const found = new Map(owners.map((owner) => [owner, new Map<string, Uint8Array>()]));
  const rows =
    keys.length === 0
      ? []
      : await all<Required<CarriedWrite> & { readonly owner: string }>(
          'SELECT owner, key, value FROM ~carried WHERE owner = ANY ($1::text[]) AND key = ANY ($2::text[])',
          owners,
          keys,
        );
  for (const { owner, key, value } of rows) found.get(owner)!.set(key, bytes(value));
  return found;
}

/** Reads the values of an owner, page by page. */
export async function findCarriedAfter(
  { all }: Statements,
  owner: string,
  { after = '', limit }: CarriedPage,
): Promise<readonly Required<CarriedWrite>[]> {
  const rows = await all<Required<CarriedWrite>>(
    'SELECT key, value FROM ~carried WHERE owner = $1 AND key > $2 ORDER BY key LIMIT $3',
    owner,
    after,
    limit,
  );
  return rows.map(({ key, value }) => ({ key, value: bytes(value) }));
}

/** Reads timers of an owner, the earliest first. */
export async function findTimers(
  { all }: Statements,
  owner: string,
  { dueBy = Number.MAX_SAFE_INTEGER, limit }: TimerFilter,
): Promise<readonly Timer[]> {
  const rows = await all<Timer>(
    'SELECT key, due, value FROM ~timers WHERE owner = $1 AND due <= $2 ORDER BY due, key LIMIT $3',
    owner,
    Math.min(dueBy, Number.MAX_SAFE_INTEGER),
    limit,
  );
  return rows.map(({ key, due, value }) => ({ key, due, value: bytes(value) }));
}

/** Copied, because the client returns a part of its read buffer. */
function bytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value);
}
