import type { Kind, Random } from '../model/index.ts';

/** A rule that makes calls fail. */
export interface CallFault {
  readonly match?: { readonly method?: string; readonly path?: string; readonly query?: string };
  /**
   * status: this status, with the platform's message, or with `body`; html: the same as an HTML page; slow: only late; drop: closes
   * the connection; half: closes it in the middle of the answer.
   */
  readonly kind: 'status' | 'html' | 'slow' | 'drop' | 'half';
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  readonly times?: number;
  readonly probability?: number;
}

/** The faults of webhooks: shares from 0 to 1. */
export interface WebhookFaults {
  readonly lost?: number;
  readonly duplicated?: number;
  readonly reordered?: number;
  readonly delayMs?: number;
}

/** All configurable faults. */
export interface ShopFaults {
  readonly calls?: readonly CallFault[];
  readonly webhooks?: WebhookFaults;
  /** Rows that make their page fail. */
  readonly spoiled?: readonly { readonly kind: Kind; readonly id: number }[];
  /** The number of calls for which a token is valid. */
  readonly tokenCalls?: number;
  /** How far the clock of the shop is fast. */
  readonly skewMs?: number;
}

/** Why a page fails. */
export class Spoiled extends Error {}

const MEMBERS: Readonly<Record<keyof ShopFaults, (value: unknown) => boolean>> = {
  calls: (value) => Array.isArray(value) && value.every(isRule),
  webhooks: (value) =>
    isObject(value) && known(value, ['lost', 'duplicated', 'reordered', 'delayMs'], isNumber),
  spoiled: (value) => Array.isArray(value) && value.every((one) => isObject(one) && isNumber(one.id)),
  tokenCalls: isNumber,
  skewMs: isNumber,
};
const RULE = ['match', 'kind', 'status', 'body', 'headers', 'delayMs', 'times', 'probability'];
const KINDS = ['status', 'html', 'slow', 'drop', 'half'];

/** The current faults. */
export class Faults {
  #now: ShopFaults = {};
  #left = new Map<CallFault, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The current faults. */
  get now(): ShopFaults {
    return this.#now;
  }

  /** Replaces everything; returns its problem, if any. */
  replace(faults: unknown): string | undefined {
    if (!isObject(faults)) return 'faults are an object';
    for (const [name, value] of Object.entries(faults)) {
      if (!Object.hasOwn(MEMBERS, name))
        return `unknown: "${name}"; known: ${Object.keys(MEMBERS).join(', ')}`;
      if (!MEMBERS[name as keyof ShopFaults](value)) return `"${name}" cannot be ${JSON.stringify(value)}`;
    }
    this.set(faults);
    return undefined;
  }

  /** Replaces everything. */
  set(faults: ShopFaults): void {
    this.#now = faults;
    this.#left = new Map((faults.calls ?? []).map((rule) => [rule, rule.times ?? Infinity]));
  }

  /** Returns the rule for a call; counts down `times`. */
  pick(method: string, path: string, query: string): CallFault | undefined {
    for (const [rule, left] of this.#left) {
      const { match = {}, probability } = rule;
      if (left <= 0) continue;
      if (match.method !== undefined && match.method !== method) continue;
      if (match.path !== undefined && !pathMatches(match.path, path)) continue;
      if (match.query !== undefined && !query.includes(match.query)) continue;
      if (probability !== undefined && this.#random() >= probability) continue;
      this.#left.set(rule, left - 1);
      return rule;
    }
    return undefined;
  }

  /** Throws when one of these rows is set to make its page fail. */
  spoil(kind: Kind, rows: readonly { readonly id: number }[]): void {
    const found = this.#now.spoiled?.find((one) => one.kind === kind && rows.some(({ id }) => id === one.id));
    if (found !== undefined) throw new Spoiled(`${kind} ${found.id} spoils this page.`);
  }

  /** Draws whether a fault with this share occurs. */
  happens(share: number | undefined): boolean {
    return share !== undefined && share > 0 && this.#random() < share;
  }
}

/** Whether a path matches a rule's path, exactly or up to a star at its end. */
function pathMatches(wanted: string, path: string): boolean {
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function known(
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
  check: (member: unknown) => boolean,
): boolean {
  return Object.entries(value).every(([name, member]) => names.includes(name) && check(member));
}

function isRule(value: unknown): boolean {
  return isObject(value) && known(value, RULE, () => true) && KINDS.includes(String(value.kind));
}
