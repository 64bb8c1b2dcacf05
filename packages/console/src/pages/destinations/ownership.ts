import type { Definition } from '@waybill/api';
import type { Ownership } from '@waybill/core';

/** Who may set a field, as it is chosen. */
export type Owner = 'destination' | 'sources' | 'latest';

/** A rule as it is edited. */
export interface Rule {
  /** Tells it from the others while its path is typed. */
  readonly key: number;
  readonly path: string;
  readonly owner: Owner;
  /** In their order; kept while another owner is chosen. */
  readonly sources: readonly string[];
}

/** What keeps a rule from being saved. */
export type Fault = 'path' | 'twice' | 'unknown' | 'sources';

/** The rules of a destination, to be edited. */
export function rulesOf(ownership: Ownership = {}): readonly Rule[] {
  return Object.entries(ownership).map(([path, rule], key) =>
    'sources' in rule
      ? { key, path, owner: 'sources', sources: rule.sources }
      : { key, path, owner: 'owner' in rule ? 'destination' : 'latest', sources: [] },
  );
}

/** Rules as the workspace has them. */
export function ownershipOf(rules: readonly Rule[]): Ownership {
  return Object.fromEntries(
    rules.map(({ path, owner, sources }) => [
      path.trim(),
      owner === 'sources' ? { sources } : owner === 'latest' ? { latest: true } : { owner },
    ]),
  );
}

/** Every field that an action of a product has, and the known members of those that are objects. */
export function pathsOf({ actions }: Definition): readonly string[] {
  const paths = actions.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, { properties = {} }]) => [
      name,
      ...Object.keys(properties).map((member) => `${name}.${member}`),
    ]),
  );
  return [...new Set(paths)].toSorted();
}

/** What keeps rules from being saved, by their keys. A rule for a field that no action has would never do anything. */
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
