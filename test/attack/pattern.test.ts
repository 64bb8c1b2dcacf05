import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

/*
 * Hostile triggers and mappings, saved and tested through the admin API: each is refused or ends soon, none reaches a prototype, and
 * none blocks the server.
 */

/** A time that only a hang exceeds, on however busy a machine. */
const SOON = 15_000;

const PROTOTYPE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'valueOf',
];
const PATHS = PROTOTYPE.flatMap((one) => [
  one,
  `properties.${one}`,
  `properties.${one}.${one}`,
  `properties["${one}"]`,
  `traits.a.${one}.polluted`,
  `${one}.constructor.constructor`,
]);
const LONG = 'a'.repeat(20_000);
const REGEXES = [
  '(a+)+$',
  '(a|a)*$',
  '(a|aa)+$',
  '([a-zA-Z]+)*$',
  '(.*a){20}',
  '(a?){25}a{25}',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '(?=(a+))\\1+b',
  '(.*)*=',
  '[',
  '(',
  '*',
  '(?<a>',
  '\\',
  'a{99999999}',
  `${'('.repeat(500)}${')'.repeat(500)}`,
  `${'a?'.repeat(500)}${'a'.repeat(500)}`,
];
const TEMPLATES = [
  ...PROTOTYPE.map((one) => `{{${one}}}`),
  ...PROTOTYPE.map((one) => `{{ properties.${one}.${one} }}`),
  '{{',
  '{{{',
  '}}',
  '{{#each a}}',
  '{{'.repeat(5_000),
  '{{event}}'.repeat(5_000),
  '{{../../x}}',
];
const LIQUID = [
  '{% for i in (1..1000000000) %}x{% endfor %}',
  '{% for i in (1..9999) %}{% for j in (1..9999) %}{{ i }}{% endfor %}{% endfor %}',
  "{% include '/etc/passwd' %}",
  "{% render '/etc/passwd' %}",
  "{% layout '/etc/passwd' %}",
  '{{ "a" | repeat: 999999999 }}',
  '{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40),
  '{{ constructor.constructor }}',
  '{{ __proto__ }}',
  '{{ properties.constructor.name }}',
  `${'{% if true %}'.repeat(2_000)}`,
];
const GLOBS = [
  '*'.repeat(200),
  '*a'.repeat(200),
  `${'*a*b'.repeat(100)}c`,
  '?'.repeat(1_000),
  '[a-',
  '\\',
  '**/**/**/**',
  `${'{a,'.repeat(100)}`,
];

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};

/** Triggers and mappings of an attacker who may write mappings. */
function attacks(): readonly { readonly trigger?: string; readonly mapping?: unknown }[] {
  const field = (value: unknown): { mapping: unknown } => ({ mapping: { eventName: value } });
  const triggers = [
    ...PATHS.flatMap((path) => [
      `${path} = "x"`,
      `${path} != null`,
      `exists(${path})`,
      `contains(${path}, "a")`,
    ]),
    ...GLOBS.flatMap((glob) =>
      ['match', 'glob', 'matches'].map((word) => `${word}(event, "${glob.replaceAll('\\', '\\\\')}")`),
    ),
    '('.repeat(10_000),
    `${'('.repeat(300)}type = "track"${')'.repeat(300)}`,
    `${'not '.repeat(5_000)}type = "track"`,
    Array.from({ length: 5_000 }, () => 'type = "track"').join(' and '),
    `event = "${'\\"'.repeat(5_000)}"`,
    `event = "${LONG}"`,
    '\u0000',
    '"',
    '',
  ].map((trigger) => ({ trigger }));
  const directives = [
    ...PATHS.map((path) => ({ '@path': `$.${path}` })),
    ...PATHS.map((path) => ({ '@path': path })),
    ...REGEXES.flatMap((pattern) => [
      { '@replace': { pattern, value: { '@path': '$.properties.long' }, replacement: '' } },
      {
        '@replace': {
          pattern,
          value: { '@path': '$.properties.long' },
          replacement: '$&$&$&',
          global: true,
          ignorecase: true,
        },
      },
    ]),
    ...TEMPLATES.map((template) => ({ '@template': template })),
    ...LIQUID.map((template) => ({ '@liquid': template })),
    ...PROTOTYPE.flatMap((one) => [
      {
        '@merge': {
          objects: [JSON.parse(`{"${one}":{"polluted":"yes"}}`), { '@path': '$.properties' }],
          direction: 'left',
        },
      },
      { '@flatten': { value: JSON.parse(`{"${one}":{"polluted":"yes"}}`), separator: '.' } },
      { '@arrayPath': ['$.properties.list', JSON.parse(`{"${one}":{"@path":"$.a"}}`)] },
      { '@filter': { value: { '@path': '$.properties' }, paths: [one] } },
      { [`@${one}`]: 'x' },
    ]),
    nested(3_000, (inner) => ({ a: inner })),
    nested(3_000, (inner) => [inner]),
    nested(500, (inner) => ({ '@if': { exists: { '@path': '$.event' }, then: inner, else: 'x' } })),
    nested(200, (inner) => ({ '@lowercase': inner })),
    { '@json': { mode: 'decode', value: '[['.repeat(10_000) } },
    { '@json': { mode: 'decode', value: '{"__proto__":{"polluted":"yes"}}' } },
  ];
  const members = PROTOTYPE.map((one) => ({
    mapping: JSON.parse(
      `{"${one}":{"polluted":"yes"},"eventName":"x","dataFields":{"${one}":{"polluted":"yes"}}}`,
    ),
  }));
  return [
    ...triggers,
    ...directives.flatMap((one) => [field(one), { mapping: { eventName: 'x', dataFields: one } }]),
    ...members,
  ];
}

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const event = JSON.parse(
  `{"type":"track","messageId":"m","userId":"u","event":${JSON.stringify(LONG.slice(0, 500))},"properties":{"long":${JSON.stringify(LONG)},"list":[{"a":1}],` +
    '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}},"traits":{"a":{"b":1}}}',
) as object;

async function soon(
  work: Promise<{ status: number; body: Answer }>,
): Promise<{ status: number; body: Answer }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${SOON} ms.`)), SOON);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

describe('hostile triggers and mappings', () => {
  it('are refused with a reason, or tested in bounded time, and reach no prototype', async () => {
    const all = attacks();
    const step = Math.max(1, Math.floor(all.length / scale(70, all.length)));
    const bad: unknown[] = [];
    let kept = 0;
    for (const attack of all.filter((_one, at) => at % step === 0)) {
      const mapping = {
        action: 'trackEvent',
        trigger: 'type = "track"',
        mapping: { eventName: 'x' },
        ...attack,
      };
      const label = JSON.stringify(attack).slice(0, 120);
      const saved = await soon(
        harness.admin('destinations/iterable/mappings/track-calls', { method: 'PUT', body: mapping }),
      );
      if (saved.status === 200) {
        kept += 1;
        const { status, body } = await soon(
          harness.admin('destinations/iterable/explain', { method: 'POST', body: { event } }),
        );
        const text = JSON.stringify(body);
        if (status !== 200 && status !== 400) bad.push([label, status, text.slice(0, 200)]);
        if (/\[native code\]|\[Function|root:x:0/.test(text)) bad.push([label, 'leak']);
      } else if (saved.status !== 400 || typeof saved.body.error?.message !== 'string') {
        bad.push([label, saved.status, JSON.stringify(saved.body).slice(0, 200)]);
      }
      if (({} as Answer).polluted !== undefined || (Object as Answer).polluted !== undefined)
        bad.push([label, 'polluted']);
    }
    expect(bad).toEqual([]);
    expect(kept).toBeGreaterThan(10);
    expect((await fetch(`${harness.server.url}/readyz`)).status).toBe(200);
  });

  it('do not disturb delivery when they are in force', async () => {
    for (const mapping of [
      {
        eventName: {
          '@replace': { pattern: '(a+)+$', value: { '@path': '$.properties.long' }, replacement: '' },
        },
      },
      { eventName: 'x', dataFields: { '@path': '$.properties' } },
    ]) {
      const body = { action: 'trackEvent', trigger: 'type = "track"', mapping };
      await harness.admin('destinations/iterable/mappings/track-calls', { method: 'PUT', body });
      await harness.track('track', {
        userId: 'u',
        event: 'Seen',
        properties: { long: `${'a'.repeat(2_000)}!` },
      });
      await harness.server.idle();
    }
    expect((await harness.admin('stats')).body.destinations[0].retrying).toBe(0);
  });
});

describe('hostile bodies', () => {
  it('are refused by the admin API, which continues', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bodies = [
      '{',
      '\u0000',
      deep,
      `{"a":${deep}}`,
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      `{"sources":${JSON.stringify(Array.from({ length: 5_000 }, () => ({})))},"destinations":[]}`,
      '"x"',
      '1',
      'null',
      '[]',
      `{"${LONG}":1}`,
      '{"sources":[null],"destinations":[null]}',
      '{"sources":{},"destinations":{}}',
      '\ud800',
      `"${'\\u0000'.repeat(1_000)}"`,
    ];
    const bad: unknown[] = [];
    for (const body of bodies) {
      for (const [method, path] of [
        ['PUT', 'workspace'],
        ['POST', 'sources'],
        ['POST', 'destinations'],
        ['POST', 'destinations/iterable/mappings'],
        ['PATCH', 'destinations/iterable'],
        ['POST', 'replays'],
        ['POST', 'dead-letters/replay'],
        ['POST', 'deletions'],
      ] as const) {
        const { status } = await soon(harness.admin(path, { method, body }));
        if (status < 400 || status >= 500) bad.push([method, path, body.slice(0, 60), status]);
      }
    }
    expect(
      bad.filter(
        ([method, path, , status]: Answer) =>
          !(method === 'PATCH' && status === 200) && !(path === 'dead-letters/replay' && status === 200),
      ),
    ).toEqual([]);
    expect(({} as Answer).polluted).toBeUndefined();
    expect((await harness.admin('workspace')).status).toBe(200);
  });
});
