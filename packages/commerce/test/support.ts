import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileValidator, SHOP_FIELDS, type ShopGone, type ShopKind, type ShopState } from '@waybill/core';
import type { ChangeContext, Known } from '@waybill/commerce';

/** The previous and current state, and the expected events. */
export interface Case {
  readonly name: string;
  readonly settings?: ChangeContext['settings'];
  readonly known?: readonly ShopState[];
  readonly before?: ShopState;
  readonly after: ShopState | ShopGone;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

const folder = join(import.meta.dirname, 'cases');

/** The cases of each file, by file name. */
export const cases: readonly (readonly [string, readonly Case[]])[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case[]]);

/** 2026-03-01, noon. */
export const NOW = Date.UTC(2026, 2, 1, 12);

export function contextOf(
  settings: ChangeContext['settings'] = {},
  known: readonly ShopState[] = [],
): ChangeContext {
  const find = (kind: ShopKind, id: string): ShopState | undefined =>
    known.find((one) => one.kind === kind && one.id === id);
  return { platform: 'bigcommerce', source: 'shop', settings, now: NOW, known: find as Known };
}

/** Returns the validation issues of a state. */
export function issuesOf(state: ShopState): readonly unknown[] {
  const { kind, ...rest } = state;
  const result = compileValidator(SHOP_FIELDS[kind])(rest);
  return result.ok ? result.changes : result.issues;
}
