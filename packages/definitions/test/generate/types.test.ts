import { describe, expect, it } from 'vitest';
import { destinationOf, type DefinitionData } from '../../src/data/definition.ts';
import { typesOf } from '../../src/generate/types.ts';
import { readBase } from '../validate/support.ts';

const acme = destinationOf(readBase('definition') as DefinitionData);

describe('types', () => {
  it('describe the values of settings and payloads', async () => {
    const text = await typesOf(acme);
    expect(text).toContain('export interface Settings {');
    expect(text).toContain('apiKey: string;');
    expect(text).toContain("region?: 'us' | 'eu';");
    expect(text).toContain('export interface Upsert {');
    expect(text).toContain("plan?: 'free' | 'paid';");
    expect(text).toMatch(/lines\?: \{[^}]*id: string;[^}]*\}\[\];/);
    expect(text).not.toContain('batch_keys');
  });

  it('can be generated for one action', async () => {
    const text = await typesOf(acme, 'silent');
    expect(text.match(/export interface/g)).toHaveLength(1);
  });
});
