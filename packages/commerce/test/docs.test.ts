import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { changesOf } from '@waybill/commerce';
import type { SourceEvent } from '@waybill/core';
import { cases, contextOf } from './support.ts';

const page = readFileSync(new URL('../../../docs/commerce.md', import.meta.url), 'utf8');

const events: readonly SourceEvent[] = cases.flatMap(([, all]) =>
  all.flatMap(({ before, after, settings, known }) => changesOf(before, after, contextOf(settings, known))),
);

const nameOf = ({ event = 'Identify' }: SourceEvent): string => event;

/** The names in the first column of a table. */
const column = (text: string): readonly string[] =>
  [...text.matchAll(/^\| ([^|]+)\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

const section = (marker: string): string => {
  const from = page.indexOf(marker);
  expect(from, marker).toBeGreaterThan(0);
  return page.slice(from, page.indexOf('\n#', from));
};

const everywhere = column(section('<!-- events: * -->'));

it('the table of events names every event, and no other', () => {
  // Each channel has two; the cases cover the opt-outs of one.
  const noes = ['SMS', 'WhatsApp', 'Push'].map((channel) => `${channel} Unsubscribed`);
  const made = sorted([...events.map(nameOf), ...noes]).filter((name) => name !== 'Identify');
  expect(sorted(column(section('## Events')))).toEqual(made);
});

it.each(
  [...page.matchAll(/<!-- events: ([^*]+?) -->/g)].map(
    ([marker, names]) => [names!.split(', '), marker] as const,
  ),
)('%j have the properties that the page lists, and no other', (names, marker) => {
  const own = events.filter((event) => names.includes(nameOf(event)));
  expect(sorted(own.map(nameOf))).toEqual(sorted(names));
  const made = own.flatMap(({ properties, traits }) => Object.keys(properties ?? traits ?? {}));
  expect(sorted([...column(section(marker)), ...everywhere])).toEqual(sorted([...made, ...everywhere]));
});

it('every event names its origin', () => {
  const whole = events.filter(
    ({ context }) => (context?.['source'] as Record<string, unknown>)['store'] !== undefined,
  );
  expect(whole.length).toBeGreaterThan(50);
  for (const { properties, traits } of whole)
    expect(properties ?? traits).toMatchObject({ store: 'de', channel: 'web', locale: 'de-DE' });
});

it('lines have the members listed on the page, and no other', () => {
  const lines = events.flatMap(({ properties }) => (properties?.['products'] ?? []) as readonly object[]);
  expect(sorted(column(section('<!-- products -->')))).toEqual(
    sorted(lines.flatMap((line) => Object.keys(line))),
  );
});

it('every event is about one of the groups', () => {
  const grouped = [...page.matchAll(/<!-- events: ([^*]+?) -->/g)].flatMap(([, names]) => names!.split(', '));
  expect(sorted(events.map(nameOf))).toEqual(sorted(grouped));
});
