import { cut, ERRORS, type ErrorCode, type Event, type PlanViolation } from '@waybill/core';

/** A violation of the plan of a source, with the number of its occurrences. */
export interface SeenViolation {
  readonly sourceId: string;
  readonly code: ErrorCode;
  /** Its path in the event; `[]` matches each item of a list. */
  readonly path: string;
  readonly rule: string;
  readonly keyword: string;
  readonly done: PlanViolation['done'];
  /** The latest message. */
  readonly message: string;
  readonly remedy: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The latest event. */
  readonly messageId: string;
}

/** The violations of tracking plans, for inspection; bounded, and lost at a restart. */
export interface Violations {
  add(sourceId: string, event: Event, violations: readonly PlanViolation[]): void;
  /** Returns those of a source, most recently seen first. */
  list(sourceId: string, limit: number): readonly SeenViolation[];
}

const LONGEST_NAME = 200;
const LONGEST_MESSAGE = 500;

/** Keeps `most` different violations per source; `hide` redacts secrets. */
export function createViolations(
  now: () => number,
  hide: (value: unknown) => unknown = (value) => value,
  most = 200,
): Violations {
  const bySource = new Map<string, Map<string, SeenViolation>>();
  return {
    add(sourceId, { messageId }, violations) {
      let seen = bySource.get(sourceId);
      if (seen === undefined) bySource.set(sourceId, (seen = new Map()));
      for (const { code, done, ...one } of violations) {
        const path = cut(one.path.replace(/\[\d+\]/g, '[]'), LONGEST_NAME);
        const [rule, keyword] = [cut(one.rule, LONGEST_NAME), one.keyword];
        const key = JSON.stringify([code, path, rule, keyword, done]);
        const known = seen.get(key);
        // Moved to the end when seen again; the least recently seen is dropped first.
        seen.delete(key);
        if (seen.size >= most) seen.delete(seen.keys().next().value!);
        const at = now();
        seen.set(key, {
          ...{ sourceId, code, path, rule, keyword, done, messageId },
          message: cut(one.message, LONGEST_MESSAGE),
          remedy: ERRORS[code].remedy,
          count: (known?.count ?? 0) + 1,
          firstAt: known?.firstAt ?? at,
          lastAt: at,
        });
      }
    },
    list: (sourceId, limit) =>
      [...(bySource.get(sourceId)?.values() ?? [])]
        .reverse()
        .slice(0, limit)
        .map((one) => hide(one) as SeenViolation),
  };
}
