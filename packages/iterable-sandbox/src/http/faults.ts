import { isObject, type Json } from '../json.ts';

/** The kinds of failures of a call. */
export type FaultKind = 'status' | 'slow' | 'reset' | 'half' | 'timeout';

/** A rule that makes matching calls fail. */
export interface FaultRule {
  readonly match: { readonly method?: string; readonly path?: string; readonly bodyIncludes?: string };
  readonly kind: FaultKind;
  readonly times?: number;
  readonly probability?: number;
  readonly status?: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Apply the write, then fail. */
  readonly after?: boolean;
}

const kinds = ['status', 'slow', 'reset', 'half', 'timeout'];

const members: Record<string, (value: Json) => boolean> = {
  match: (value) =>
    isObject(value) &&
    Object.entries(value).every(([key, text]) => matchKeys.has(key) && typeof text === 'string'),
  kind: (value) => typeof value === 'string' && kinds.includes(value),
  times: (value) => Number.isInteger(value) && Number(value) > 0,
  probability: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  status: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
  body: () => true,
  headers: (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
  delayMs: (value) => typeof value === 'number' && value >= 0,
  after: (value) => typeof value === 'boolean',
};
const matchKeys = new Set(['method', 'path', 'bodyIncludes']);

/** The current rules, tried in order for every call. */
export class Faults {
  #rules: { rule: FaultRule; left: number }[] = [];

  /** Replaces the rules; returns their problem, or undefined. */
  replace(rules: Json): string | undefined {
    if (!Array.isArray(rules)) return 'faults must be a list of rules';
    for (const [index, rule] of rules.entries()) {
      const wrong = problem(rule);
      if (wrong !== undefined) return `faults[${index}]: ${wrong}`;
    }
    // problem() has found nothing, so every entry is a FaultRule (match defaults to "every call").
    const checked = rules as unknown as Partial<FaultRule>[];
    this.#rules = checked.map((rule) => ({
      rule: { match: {}, ...rule, kind: rule.kind! },
      left: rule.times ?? Infinity,
    }));
    return undefined;
  }

  /** Returns the rule for this call, if any; counts down `times`. */
  pick(method: string, path: string, body: Buffer, random: () => number): FaultRule | undefined {
    for (const entry of this.#rules) {
      const { match, probability } = entry.rule;
      if (entry.left <= 0) continue;
      if (match.method !== undefined && match.method !== method) continue;
      if (match.path !== undefined && !pathMatches(match.path, path)) continue;
      if (match.bodyIncludes !== undefined && !body.includes(match.bodyIncludes)) continue;
      if (probability !== undefined && random() >= probability) continue;
      entry.left -= 1;
      return entry.rule;
    }
    return undefined;
  }

  /** Returns the rules with their remaining `times`. */
  list(): object[] {
    return this.#rules.map(({ rule, left }) => (left === Infinity ? rule : { ...rule, left }));
  }
}

/** Whether a path matches a rule's path, exactly or up to a star at its end. */
function pathMatches(wanted: string, path: string): boolean {
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;
}

function problem(rule: Json): string | undefined {
  if (!isObject(rule)) return 'a rule must be an object';
  for (const [key, value] of Object.entries(rule)) {
    const valid = Object.hasOwn(members, key) ? members[key] : undefined;
    if (valid === undefined) return `unknown member "${key}"; known: ${Object.keys(members).join(', ')}`;
    if (!valid(value)) return `"${key}" cannot be ${JSON.stringify(value)}`;
  }
  return rule.kind === undefined ? `"kind" is required: ${kinds.join(', ')}` : undefined;
}
