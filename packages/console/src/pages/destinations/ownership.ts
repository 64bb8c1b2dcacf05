import type { Definition } from '@waybill/api';
import type { Ownership } from '@waybill/core';

/** The owner of a field, as selected. */
export type Owner = 'destination' | 'sources' | 'latest';

/** A rule being edited. */
export interface Rule {
  /** Identifies it while its path is edited. */
  readonly key: number;
  readonly path: string;
  readonly owner: Owner;
  /** In order; kept while another owner is selected. */
  readonly sources: readonly string[];
}

/** A problem of a rule. */
export type Fault = 'path' | 'twice' | 'unknown' | 'sources';

/** Returns the rules of a destination for editing. */
export function rulesOf(ownership: Ownership = {}): readonly Rule[] {
  return Object.entries(ownership).map(([path, rule], key) =>
    'sources' in rule
      ? { key, path, owner: 'sources', sources: rule.sources }
      : { key, path, owner: 'owner' in rule ? 'destination' : 'latest', sources: [] },
  );
}

/** Converts edited rules for the workspace. */
export function ownershipOf(rules: readonly Rule[]): Ownership {
  return Object.fromEntries(
    rules.map(({ path, owner, sources }) => [
      path.trim(),
      owner === 'sources' ? { sources } : owner === 'latest' ? { latest: true } : { owner },
    ]),
  );
}

/** Returns every field of the actions of a product, and the known members of objects. */
export function pathsOf({ actions }: Definition): readonly string[] {
  const paths = actions.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { properties = {} }]) => [
      name,
      ...Object.keys(properties).map((member) => `${name}.${member}`),
    ]),
  );
  return [...new Set(paths)].toSorted();
}

/** Returns the problems of rules, by key. A rule for an unknown field would have no effect. */
export function faultsOf(rules: readonly Rule[], paths: readonly string[]): ReadonlyMap<number, Fault> {
  const tops = new Set(paths.map((path) => path.split('.', 1)[0]));
  const faults = new Map<number, Fault>();
  rules.forEach(({ key, path, owner, sources }, at) => {
    const typed = path.trim();
    const isTwice = rules.slice(0, at).some((other) => other.path.trim() === typed);
    if (typed === '') faults.set(key, 'path');
    else if (isTwice) faults.set(key, 'twice');
    else if (!tops.has(typed.split('.', 1)[0])) faults.set(key, 'unknown');
    else if (owner === 'sources' && sources.length === 0) faults.set(key, 'sources');
  });
  return faults;
}
