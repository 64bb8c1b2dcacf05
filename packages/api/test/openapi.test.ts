import { describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApi, ROUTES } from '@waybill/api';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, object>>;
}

const document = openApi() as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

describe('the OpenAPI document', () => {
  it('has every route, each with a unique name', () => {
    expect(operations.length).toBe(Object.keys(ROUTES).length);
    expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
  });

  it('has valid schemas, and no dangling references', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'api', ...document });
    for (const name of Object.keys(document.components.schemas))
      expect(ajv.validateSchema(document.components.schemas[name] as object)).toBe(true);
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const missing = named.map(([, name]) => name!).filter((name) => !(name in document.components.schemas));
    expect([named.length > 50, missing]).toEqual([true, []]);
  });

  it('names the parameters of paths and queries, and the base version of a change', () => {
    const restore = document.paths['/api/sources/{id}/versions/{version}/restore']?.['post'];
    expect(restore?.parameters?.map((one) => `${one.in} ${one.name}`)).toEqual([
      'path id',
      'path version',
      'query note',
      'header if-match',
    ]);
  });

  it('lists the errors of a route by status', () => {
    const responses = document.paths['/api/delivery/resume']?.['post']?.responses;
    expect(Object.keys(responses ?? {})).toEqual(['200', '400', '401', '403', '408', '409', '429', '500']);
  });

  it('gives a schema a single name', () => {
    // A name shared by two schemas would describe one of them wrongly.
    const bodies = new Map<string, string>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { title, ...rest } = value as { readonly title?: unknown };
      if (typeof title === 'string') {
        const text = JSON.stringify(rest);
        expect([title, bodies.get(title) ?? text]).toEqual([title, text]);
        bodies.set(title, text);
      }
      Object.values(value).forEach(visit);
    };
    visit(ROUTES);
    expect(bodies.size).toBeGreaterThan(20);
  });
});
