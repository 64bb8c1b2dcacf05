import { describe, expect, it } from 'vitest';
import { forgetPair, type Memory, recallIdentifiers, rememberPair } from '@waybill/core';

function memory(): Memory & { readonly held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    get: (key) => Promise.resolve(held.get(key)),
    set: (key, value) => {
      if (value === undefined) held.delete(key);
      else held.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('the memory of a pair of identifiers', () => {
  it('adds the identifier that the project type needs, in any case of the address', async () => {
    const port = memory();
    await rememberPair(port, 'Ada@Example.com', 'u-1');
    expect(await recallIdentifiers(port, 'email', { userId: 'u-1' })).toEqual({
      userId: 'u-1',
      email: 'Ada@Example.com',
    });
    for (const type of ['userId', 'hybrid'] as const) {
      expect(await recallIdentifiers(port, type, { email: 'ada@example.com', within: 'user' })).toEqual({
        email: 'ada@example.com',
        userId: 'u-1',
        within: 'user',
      });
    }
  });

  it('never overwrites an identifier, and adds no unknown one', async () => {
    const port = memory();
    await rememberPair(port, 'ada@example.com', 'u-1');
    const both = { email: 'other@example.com', userId: 'u-1' };
    expect(await recallIdentifiers(port, 'email', both)).toBe(both);
    const unknown = { userId: 'u-2' };
    expect(await recallIdentifiers(port, 'email', unknown)).toBe(unknown);
  });

  it.each([{ email: 'ada@example.com' }, { userId: 'u-1' }])('is deleted by %j', async (who) => {
    const port = memory();
    await rememberPair(port, 'ada@example.com', 'u-1');
    await forgetPair(port, who);
    expect(port.held.size).toBe(0);
  });
});
