/** A difference between the current and the new workspace. */
export interface Difference {
  readonly what: 'added' | 'removed' | 'changed' | 'secret';
  /** Its path, with IDs instead of indexes: `destinations.shop.mappings.orders.trigger`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/**
 * Lists what applying a workspace would change. Lists whose members have IDs are compared by ID. The current secrets are
 * unknown, so a secret in the new workspace is listed as written, whether it differs or not.
 */
export function planChanges(from: unknown, to: unknown, path = ''): readonly Difference[] {
  if (isKept(from) && to !== undefined) return isKept(to) ? [] : [{ what: 'secret', path }];
  if (from === undefined) return to === undefined ? [] : [{ what: 'added', path, to: withoutSecrets(to) }];
  if (to === undefined) return [{ what: 'removed', path, from }];
  const [left, right] = [membersOf(from), membersOf(to)];
  if (left !== undefined && right !== undefined) {
    return [...new Set([...left.keys(), ...right.keys()])]
      .filter((key) => path !== '' || key !== '$schema')
      .flatMap((key) => planChanges(left.get(key), right.get(key), path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ what: 'changed', path, from, to }];
}

/** Formats a plan, one line per difference. */
export function planText(plan: readonly Difference[]): string {
  return plan
    .map(({ what, path, from, to }) => {
      switch (what) {
        case 'added':
          return `+ ${path}  ${short(to)}`;
        case 'removed':
          return `- ${path}  ${short(from)}`;
        case 'changed':
          return `~ ${path}  ${short(from)} -> ${short(to)}`;
        case 'secret':
          return `~ ${path}  (secret, replaced)`;
      }
    })
    .join('\n');
}

/** Returns members by name, or by ID for a list of objects with IDs; undefined for other values. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const ids = value.map((one: unknown) => (one as { id?: unknown } | null)?.id);
    if (!ids.every((id) => typeof id === 'string')) return undefined;
    return new Map(value.map((one: unknown, index) => [String(ids[index]), one]));
  }
  if (typeof value !== 'object' || value === null || isKept(value)) return undefined;
  return new Map(Object.entries(value));
}

function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { $secret?: unknown }).$secret === true;
}

const SECRET = /key|token|secret|password/i;

/** Added parts have no current counterpart that shows what is a secret; names decide. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET.test(name) && typeof member === 'string' ? '(secret)' : withoutSecrets(member),
    ]),
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
