import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { blocksOf, definitionOf, fromMetadata, type Metadata } from '@waybill/definitions';
import { destinations } from '@waybill/destinations';

const root = resolve(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

function problems(schema: string, value: unknown): unknown {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const check = ajv.compile(readJson(`schemas/${schema}.json`) as object);
  check(value);
  return check.errors ?? [];
}

const presets = readdirSync(join(root, 'presets'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name.includes('/'))
  .filter((name) => !name.includes('node_modules'));

describe('the committed schemas', () => {
  it.each(presets)('accept the preset %s', (name) => {
    expect(problems('preset', readJson(join('presets', name)))).toEqual([]);
  });

  it('accept the workspace of the README', () => {
    const blocks = [...blocksOf('README.md', readFileSync(join(root, 'README.md'), 'utf8'))];
    const workspaces = blocks.flatMap((block) => (block.kind === 'workspace' ? [block.text] : []));
    expect(workspaces.length).toBeGreaterThan(0);
    for (const text of workspaces) expect(problems('workspace', JSON.parse(text))).toEqual([]);
  });

  it('accept the workspace of the demo', () => {
    const settings = { apiKey: 'demo', projectType: 'hybrid', apiUrl: 'http://127.0.0.1:4401' };
    const workspace = {
      sources: [{ id: 'shop', name: 'Demo shop', writeKey: 'demo' }],
      destinations: [{ id: 'iterable', type: 'iterable', name: 'Iterable', settings }],
    };
    expect(problems('workspace', workspace)).toEqual([]);
  });

  it.each(destinations.map((one) => [one.slug, one] as const))(
    'accept the definition of %s',
    (_slug, one) => {
      expect(problems('definition', definitionOf(one))).toEqual([]);
    },
  );

  it.each(destinations.map((one) => [one.slug, one] as const))(
    'have metadata from which the definition of %s can be rebuilt',
    (slug, one) => {
      const metadata = readJson(`schemas/${slug}/metadata.json`) as Metadata;
      expect(plain(fromMetadata(metadata))).toEqual(plain(definitionOf(one)));
    },
  );

  it('distinguish a call of the Segment spec from other events', () => {
    expect(problems('event', { type: 'track', event: 'Viewed', userId: 'u', properties: {} })).toEqual([]);
    expect(problems('event', { type: 'identify', anonymousId: 'a', traits: null, extra: 1 })).toEqual([]);
    expect(problems('event', { type: 'track', userId: 'u' })).not.toEqual([]);
    expect(problems('event', { type: 'identify' })).not.toEqual([]);
    expect(problems('event', { type: 'page', userId: 'u', context: [] })).not.toEqual([]);
  });
});

/** What both ways of writing say: false and absent are one, choices have labels. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => {
      if (inner === false && ['required', 'multiple', 'allowNull', 'dynamic'].includes(key)) return undefined;
      if (inner === false && key === 'additionalProperties') return undefined;
      if (key === 'choices' && Array.isArray(inner)) {
        return inner.map((one: unknown) => (typeof one === 'string' ? { label: one, value: one } : one));
      }
      return inner;
    }),
  );
}
