import { afterEach, expect, it } from 'vitest';
import type { HttpResponse, RowQuery, ShopStream, SourceContext } from '@waybill/core';
import { createShopSandbox, PLATFORMS, type ShopSandbox } from '@waybill/shop-sandboxes';
import { createTestSource } from '@waybill/testing';
import { type Ask, ownAsk, sourceOf } from '../differential/reading.ts';

type Path = readonly (string | number)[];
type Row = Readonly<Record<string, unknown>>;

let shop: ShopSandbox | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The lists of rows that an answer has: it is one, or has some as members. */
function listsIn(body: unknown): readonly Path[] {
  if (Array.isArray(body)) return [[]];
  return isRow(body) ? Object.keys(body).flatMap((name) => (Array.isArray(body[name]) ? [[name]] : [])) : [];
}

/** The members of rows: those of the first one, and what these have; of some more those that they have themselves. */
function membersOf(rows: readonly unknown[]): readonly Path[] {
  return rows
    .slice(0, 6)
    .flatMap((row, index) => namesIn(row, index === 0 ? 2 : 1).map((path) => [index, ...path]));
}

/** The members of a value down to a depth; the first item of a list represents all. */
function namesIn(value: unknown, depth: number): readonly Path[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return namesIn(value[0], depth).map((path) => [0, ...path]);
  if (!isRow(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    [name],
    ...namesIn(member, depth - 1).map((path) => [name, ...path]),
  ]);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, name) => (here as Row)[name], value);
}

/** The value without a member. */
function without(value: unknown, path: Path): unknown {
  const copy = structuredClone(value);
  delete (at(copy, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1)!];
  return copy;
}

/** Calls with recorded answers, one of which can be replaced. */
function keeping(own: Ask) {
  const answers = new Map<string, HttpResponse>();
  let instead: { readonly call: string; readonly body: unknown } | undefined;
  let asked: string[] = [];
  const ask: Ask = async (call) => {
    const name = JSON.stringify([call.method, call.url, call.query, call.json, call.body]);
    const answer = answers.get(name) ?? ((await own(call)) as HttpResponse);
    answers.set(name, answer);
    asked.push(name);
    return instead?.call === name
      ? { ...answer, body: instead.body, text: JSON.stringify(instead.body) }
      : answer;
  };
  return {
    ask,
    /** The calls of some work, of which one has another answer. */
    async during<T>(work: () => Promise<T>, other?: typeof instead) {
      [asked, instead] = [[], other];
      return { result: await work(), asked: [...new Set(asked)] };
    },
    bodyOf: (name: string): unknown => answers.get(name)!.body,
  };
}

type Reading = ReturnType<NonNullable<ShopStream['page']>>;

it.each(PLATFORMS)('a page of %s is read although a row lacks a member', async (platform) => {
  shop = await createShopSandbox({ platform, start: Date.UTC(2026, 0, 5), limits: false });
  await shop.play('all');
  const source = sourceOf(platform);
  const { settings } = createTestSource(source, { settings: shop.settings }).resolved;
  const kept = keeping(ownAsk(shop.url));
  const now = Date.now();
  const read = ({ page, pageSize: limit }: ShopStream, by: RowQuery['by']): Reading => {
    const context: SourceContext = { settings, request: kept.ask, now: () => now, memory: new Map() };
    return page!({ by, skip: 0, limit }, context);
  };
  const wrong: string[] = [];
  let tried = 0;
  for (const [name, stream] of Object.entries(source.shop!.streams))
    for (const by of ['changed', 'created'] as const) {
      if (stream.page === undefined || (by === 'changed' ? stream.every : stream.sweep) === undefined)
        continue;
      const whole = await kept.during(() => read(stream, by));
      const rows = countOf(whole.result);
      for (const call of whole.asked)
        for (const list of listsIn(kept.bodyOf(call)))
          for (const member of membersOf(at(kept.bodyOf(call), list) as readonly unknown[])) {
            tried += 1;
            const other = { call, body: without(kept.bodyOf(call), [...list, ...member]) };
            const said = await kept
              .during(() => read(stream, by), other)
              .then(({ result }) => countOf(result), String);
            if (said !== rows) wrong.push(`${name} by ${by}, ${member.join('.')} in ${call}: ${said}`);
          }
    }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(300);
});

function countOf(page: Awaited<Reading>): number | string {
  return 'failure' in page ? page.failure.message : page.rows.length;
}
