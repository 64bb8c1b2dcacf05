import { type Source, suggest } from '@waybill/core';
import type { Found } from '../validate/rule.ts';

const SOURCE = ['slug', 'name', 'description', 'settings', 'streams', 'shop', 'webhook', 'testConnection'];
const STREAM = ['title', 'description', 'every', 'read'];
const SHOP = ['streams', 'limits', 'feeds', 'hints', 'subscribe', 'writeConsent', 'capabilities'];
const SHOP_STREAM = [
  'title',
  'description',
  'kinds',
  'every',
  'overlap',
  'sweep',
  'pageSize',
  'page',
  'complete',
  'get',
  'count',
  'keyOf',
  'states',
  'unreadable',
];
const FEED = ['title', 'description', 'every', 'isOn', 'read'];
const LIMITS = ['concurrency', 'quotas', 'left'];
const REMEDY = 'Correct the name of the member, or remove it: unused members have no effect.';

/**
 * Finds unknown members of a source, such as misspelt ones: the compiler does not report them in plain JavaScript, or behind a
 * spread.
 */
export function unknownMembers(source: Source): readonly Found[] {
  const { slug, shop, streams } = source;
  const parts: readonly (readonly [path: string, part: object, known: readonly string[]])[] = [
    ['', source, SOURCE],
    ...Object.entries(streams).map(([name, one]) => [`streams.${name}`, one, STREAM] as const),
    ...(shop === undefined
      ? []
      : [
          ['shop', shop, SHOP] as const,
          ['shop.limits', shop.limits, LIMITS] as const,
          ...Object.entries(shop.streams).map(
            ([name, one]) => [`shop.streams.${name}`, one, SHOP_STREAM] as const,
          ),
          ...Object.entries(shop.feeds ?? {}).map(
            ([name, one]) => [`shop.feeds.${name}`, one, FEED] as const,
          ),
        ]),
  ];
  return parts.flatMap(([path, part, known]) =>
    Object.keys(part)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        place: [],
        message: `The source "${slug}" has a member that nothing reads: ${path === '' ? name : `${path}.${name}`}${suggest(name, known)}`,
        remedy: REMEDY,
      })),
  );
}
