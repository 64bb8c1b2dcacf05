import type { Issue } from '../result/issue.ts';

/** One choice of a dynamic field, as the account has it now. */
export interface DynamicChoice {
  readonly label: string;
  readonly value: string | number;
  readonly description?: string;
}

/** The form as filled in so far, and the search. */
export interface DynamicQuestion {
  /** The values of the other fields, where they are plain. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** For fields of a hook: its other inputs. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Text to filter the choices by; case-insensitive. */
  readonly query?: string;
  /** Where the last answer ended: its `nextPage`. */
  readonly page?: string;
  /** For a member of an item of a list: the index of the item. */
  readonly index?: number;
  /** For the value of a member that the object does not declare: the name of the member. */
  readonly key?: string;
}

/** The choices, or why they cannot be read. */
export type DynamicAnswer =
  | { readonly choices: readonly DynamicChoice[]; readonly nextPage?: string; readonly error?: undefined }
  | { readonly error: Issue };

/** Reads the choices of one field from the account; `C` is its context. */
export type DynamicField<C> = (context: C, question: DynamicQuestion) => Promise<DynamicAnswer>;

/** The key under which an object offers choices for the names of its members. */
export const KEYS = '__keys__';

/** The key under which an object offers choices for the values of members that it does not declare. */
export const VALUES = '__values__';

/** The reader of the choices of a place, and what it receives about the place. */
export interface FoundDynamic<T> {
  /** The name of the field in the action. */
  readonly field: string;
  readonly read: T;
  readonly at: Pick<DynamicQuestion, 'index' | 'key'>;
}

/**
 * Finds the reader of the choices of a place: `listId`, `user.listId`, `associations[2].type` (a member of an item of a
 * list), `traits.__keys__` (names of members), or `traits.plan`, where the object offers `__values__`.
 */
export function findDynamic<T>(
  fields: Readonly<Record<string, T>>,
  place: string,
): FoundDynamic<T> | undefined {
  const at = (field: string, of: FoundDynamic<T>['at'] = {}): FoundDynamic<T> | undefined =>
    Object.hasOwn(fields, field) ? { field, read: fields[field]!, at: of } : undefined;
  const index = /\.?\[(\d{1,6})\]/.exec(place);
  const plain = place.replace(/\.?\[\d{1,6}\]/g, '');
  const within = index === null ? {} : { index: Number(index[1]) };
  const found = at(plain, within);
  if (found !== undefined) return found;
  const dot = plain.indexOf('.');
  if (dot === -1) return undefined;
  return at(`${plain.slice(0, dot)}.${VALUES}`, { ...within, key: plain.slice(dot + 1) });
}
