import { describe, expect, it } from 'vitest';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { generatedFiles } from '@waybill/definitions';
import { destinations } from '@waybill/destinations';
import { processors, sources } from '@waybill/ingest';

const root = resolve(import.meta.dirname, '../..');
const files = await generatedFiles({
  destinations,
  sources,
  processors,
  parts: ['schemas', 'docs', 'types'],
  page: (path) => readFileSync(join(root, path), 'utf8'),
});
const isSchema = (name: string): boolean => name.endsWith('.json') && !name.endsWith('/metadata.json');

describe('generated files', () => {
  it.each([...files])('%s matches the source; `npm run generate` renews it', (name, text) => {
    const file = join(root, name);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'missing').toBe(text);
  });

  it('include no schema of a removed entity', () => {
    const there = readdirSync(join(root, 'schemas'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:json|ts)$/.test(name),
    );
    const known = [...files.keys()]
      .filter((name) => name.startsWith('schemas/'))
      .map((name) => name.slice('schemas/'.length));
    expect(there.sort()).toEqual(known.sort());
  });

  it.each([...files].filter(([name]) => isSchema(name)))('%s is a valid JSON Schema', (_name, text) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect(ajv.validateSchema(JSON.parse(text) as object)).toBe(true);
  });
});
