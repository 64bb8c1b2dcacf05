import type { RateLimit } from '@waybill/core';

/** Finds the limits of a call. */
export interface Endpoints {
  /** Returns the endpoint of a call; an unlisted path is a separate endpoint. */
  find(method: string, path: string): Endpoint;
  /** The endpoints with limits. */
  readonly listed: readonly Endpoint[];
}

/** One endpoint of a destination. */
export interface Endpoint {
  readonly name: string;
  /** The published limits; a call needs a token of each. */
  readonly limits: readonly (RateLimit & { readonly amount: number })[];
}

interface Listed extends Endpoint {
  readonly matches: (method: string, path: string) => boolean;
}

/** Creates the endpoints of limits; literal paths take precedence over those with `{name}`. */
export function createEndpoints(limits: readonly RateLimit[]): Endpoints {
  const groups = new Map<string, RateLimit[]>();
  for (const limit of limits) {
    const name = `${limit.method ?? '*'} ${limit.path}`;
    groups.set(name, [...(groups.get(name) ?? []), limit]);
  }
  const listed = [...groups].map(([name, members]) => ({ name, ...compile(members) }));
  listed.sort((one, other) => one.holes - other.holes);
  return {
    listed,
    find: (method, path) =>
      listed.find((one) => one.matches(method, path)) ?? { name: `${method} ${path}`, limits: [] },
  };
}

function compile(members: readonly RateLimit[]): Omit<Listed, 'name'> & { readonly holes: number } {
  const [{ path, method }] = members as [RateLimit];
  const parts = path.split('/');
  const holes = parts.filter(isHole).length;
  return {
    holes,
    limits: members.flatMap((one) => (one.amount === undefined ? [] : [{ ...one, amount: one.amount }])),
    matches(calledMethod, calledPath) {
      if (method !== undefined && method !== calledMethod) return false;
      if (holes === 0) return calledPath === path;
      const called = calledPath.split('/');
      return (
        called.length === parts.length &&
        parts.every((part, index) => (isHole(part) ? called[index] !== '' : part === called[index]))
      );
    },
  };
}

function isHole(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}
