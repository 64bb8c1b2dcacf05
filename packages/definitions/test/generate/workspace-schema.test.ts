import { expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { iterable } from '@waybill/destinations';
import { workspaceSchema } from '@waybill/core';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly allOf?: readonly { readonly if: object; readonly then: Node }[];
}

/** What an editor shows at a place of a document: the descriptions of every part of the schema that applies there. */
function hover(node: Node, value: unknown, path: readonly (string | number)[]): readonly string[] {
  const [key, ...rest] = path;
  const applying = (node.allOf ?? []).filter((one) => new Ajv2020({ strict: false }).validate(one.if, value));
  const further = applying.flatMap((one) => hover(one.then, value, path));
  if (key === undefined) return [...(node.description === undefined ? [] : [node.description]), ...further];
  const next = typeof key === 'number' ? node.items : node.properties?.[key];
  const inner = (value as Readonly<Record<string | number, unknown>>)[key];
  return [...(next === undefined ? [] : hover(next, inner, rest)), ...further];
}

it.each([
  ['an action', { id: 'a', action: 'trackEvent', trigger: 'type = "track"' }],
  ['a preset', { id: 'a', preset: iterable.presets.find(({ action }) => action === 'trackEvent')!.slug }],
])('an editor shows the description of a field in a mapping of %s', (_name, one) => {
  const mapping = { ...one, mapping: { eventName: 'x' } };
  const document = {
    sources: [],
    destinations: [{ id: 'i', type: 'iterable', settings: {}, mappings: [mapping] }],
  };
  const at = ['destinations', 0, 'mappings', 0, 'mapping', 'eventName'];
  const { description } = iterable.actions['trackEvent']!.fields['eventName']!;
  expect(hover(workspaceSchema({ destinations: [iterable] }) as Node, document, at)).toEqual([description]);
});
