import { expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { shops } from '@waybill/sources';
import { createTestShop, fakeClock } from '@waybill/testing';
import { type Payloads, servePayloads } from '../differential/payloads.ts';
import { SAMPLES } from '../differential/samples.ts';
import { dice } from '../../packages/delivery/test/dice.ts';
import { over } from './over.ts';

/** Rounds of a platform; more with WAYBILL_SCHEDULES. */
const ROUNDS = Number(process.env['WAYBILL_SCHEDULES'] ?? 5);
/** Damaged ones of each row. */
const COPIES = 3;
const NOW = Date.UTC(2026, 10, 21, 14);

type Row = Readonly<Record<string, unknown>>;
type Roll = () => number;

/** References, and the columns that only one row has, are left unchanged: without them the whole rows differ. */
const KEPT = /store|categor|customer_groups|attributes|brands|customerGroups|\/\d+\//;

/** A row of another thing and another person. */
function another(value: unknown, by: number, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => another(one, by, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, another(one, by, key)]));
  if (typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value)) return `${by}.${value}`;
  if (!/id$/i.test(name) || /^(type|merchant)_?id$/i.test(name)) return value;
  if (typeof value === 'number') return value === 0 ? 0 : value + by * 100_000;
  if (typeof value !== 'string' || value === '') return value;
  return /^[\da-f]{8}-/.test(value) ? `${String(by).padStart(8, 'd')}${value.slice(8)}` : `${by}${value}`;
}

/** Every place of a member in a value. */
function membersOf(value: unknown): readonly (readonly [Record<string, unknown>, string])[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Record<string, unknown>;
  return Object.keys(members).flatMap((name) => [[members, name] as const, ...membersOf(members[name])]);
}

/** The row without some of its members; others are null. */
function damaged(row: unknown, roll: Roll): unknown {
  const copy = structuredClone(row);
  const most = roll() < 0.3 ? 40 : 5;
  for (let left = 1 + Math.floor(roll() * most); left > 0; left -= 1) {
    const members = membersOf(copy);
    if (members.length === 0) break;
    const [object, name] = members[Math.floor(roll() * members.length)]!;
    if (roll() < 0.5) delete object[name];
    else object[name] = null;
  }
  return copy;
}

/** The payloads with damaged rows before, between and behind the whole ones. */
function withDamaged(payloads: Payloads, roll: Roll): Payloads {
  const lists = Object.entries(payloads).map(([path, rows]) => {
    if (!Array.isArray(rows) || KEPT.test(path)) return [path, rows] as const;
    const bad = (rows as readonly Row[]).flatMap((row) =>
      Array.from({ length: COPIES }, (_, at) => damaged(another(row, at + 1), roll)),
    );
    const half = Math.floor(roll() * (bad.length + 1));
    return [path, [...bad.slice(0, half), ...(rows as readonly Row[]), ...bad.slice(half)]] as const;
  });
  return Object.fromEntries(lists);
}

/** The events of payloads, and the dead letters, of a back-fill and of polls. */
async function read(slug: keyof typeof SAMPLES, payloads: Payloads) {
  const served = await servePayloads(slug, payloads, NOW);
  const source = shops.find((one) => one.slug === slug)!;
  const { settings } = served;
  const shop = createTestShop(source, { clock: fakeClock(NOW), settings, answers: over(served) });
  const told = [...(await shop.backfill()), ...(await shop.advance(600_000))];
  const [status, asides] = [shop.status(), shop.asides()];
  await shop.stop();
  await served.close();
  return { told, status, asides };
}

/** What events are of: which of several contents a thing had is left out, as a damaged row may be what its parts are looked up in. */
const idsOf = (told: readonly Event[]): readonly string[] =>
  told.map(({ messageId }) => messageId.replace(/\|[\da-f]{24}$/, ''));

const first = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 1e9));

it.each(Object.keys(SAMPLES) as readonly (keyof typeof SAMPLES)[])(
  `rows of %s that lack members, in any combination, hold nothing up (seeds from ${first})`,
  async (slug) => {
    const whole = await read(slug, SAMPLES[slug]);
    expect(whole.told.length).toBeGreaterThan(0);
    let [more, aside] = [0, 0];
    for (let seed = first; seed < first + ROUNDS; seed += 1) {
      const { told, status, asides } = await read(slug, withDamaged(SAMPLES[slug], dice(seed)));
      const failing = status.filter(({ failure }) => failure !== undefined);
      expect([seed, failing.map(({ stream, failure }) => `${stream}: ${failure!.message}`)]).toEqual([
        seed,
        [],
      ]);
      const pasts = status.filter(({ mode, ended }) => mode === 'backfill' && !ended);
      expect([seed, pasts]).toEqual([seed, []]);
      const ids = new Set(idsOf(told));
      expect([seed, idsOf(whole.told).filter((id) => !ids.has(id))]).toEqual([seed, []]);
      expect([seed, asides.filter(({ text = '' }) => !text.startsWith('{'))]).toEqual([seed, []]);
      more += told.length - whole.told.length;
      aside += asides.length;
    }
    expect([more > 0, aside > 0]).toEqual([true, true]);
  },
);
