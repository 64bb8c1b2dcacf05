import { describe, expect, it } from 'vitest';
import { delivered, type SendContext } from '@waybill/core';
import { type DefinitionData, toMetadata, validateDefinition } from '@waybill/definitions';
import { destinations } from '@waybill/destinations';
import { readBase } from './support.ts';

const good = readBase('definition') as DefinitionData;

describe('one definition', () => {
  it('has no problems when it is valid, as data, as metadata and with its code', async () => {
    for (const one of [good, toMetadata(good), ...destinations]) {
      const { problems, checked } = await validateDefinition(one);
      expect(problems).toEqual([]);
      expect(checked.destinations).toBe(1);
    }
  });

  it('with its code is tested: a failure that it does not detect is reported', async () => {
    const dummy = destinations.find(({ slug }) => slug === 'dummy');
    const actions = Object.fromEntries(
      Object.entries(dummy!.actions).map(([key, action]) => [
        key,
        {
          ...action,
          send: async (items: readonly unknown[], { request }: SendContext) => {
            await request({ method: 'POST', url: 'https://example.com/' });
            return items.map(() => delivered());
          },
        },
      ]),
    );
    const { problems } = await validateDefinition({ ...dummy!, actions });
    expect(problems.map(({ code }) => code)).toContain('failure_ignored');
  });

  it('is reported with code, place and remedy', async () => {
    const { upsert, ...others } = good.actions;
    const broken = { ...good, actions: { ...others, upsert: { ...upsert, defaultTrigger: 'evnt = "a"' } } };
    const { problems, checked } = await validateDefinition(broken);
    expect(problems).toMatchObject([
      { code: 'trigger_invalid', severity: 'error', file: 'acme', path: 'actions.upsert.defaultTrigger' },
    ]);
    expect(problems[0]!.remedy).not.toBe('');
    expect(checked.destinations).toBe(1);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'acme'],
    ['a list', []],
  ])('is refused when it is %s', async (_name, value) => {
    const { problems } = await validateDefinition(value, { name: 'given' });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatchObject({ file: 'given', severity: 'error' });
  });
});
