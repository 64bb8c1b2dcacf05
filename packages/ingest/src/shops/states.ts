import {
  compileValidator,
  cut,
  type Issue,
  SHOP_FIELDS,
  type ShopKind,
  type ShopState,
  type ShopStream,
  type UnreadablePart,
  type Validator,
} from '@waybill/core';

/** The states of a row, or why it is unreadable. */
export type RowStates =
  | { readonly states: readonly ShopState[]; readonly unreadable: readonly UnreadablePart[] }
  | { readonly issue: Issue };

const validators = new Map<ShopKind, Validator>();

function validatorOf(kind: ShopKind): Validator {
  let found = validators.get(kind);
  if (found === undefined) {
    found = compileValidator(SHOP_FIELDS[kind], { removeUnknown: false });
    validators.set(kind, found);
  }
  return found;
}

/** Converts a row to states with the author's code, and validates them. Never throws. */
export function statesOf(stream: ShopStream, row: unknown, settings: unknown): RowStates {
  let made: readonly ShopState[];
  let unreadable: readonly UnreadablePart[];
  try {
    made = stream.states(row, { settings });
    unreadable = stream.unreadable?.(row, { settings }) ?? [];
  } catch (error) {
    return { issue: thrown(error) };
  }
  if (!Array.isArray(made)) return { issue: thrown('It did not return a list of states.') };
  const states: ShopState[] = [];
  for (const [at, state] of (made as readonly ShopState[]).entries()) {
    const { kind, ...values } = state;
    if (!stream.kinds.includes(kind))
      return { issue: thrown(`State ${at} is a "${kind}", which its stream does not declare.`) };
    const checked = validatorOf(kind)(values);
    if (!checked.ok) {
      const [issue] = checked.issues;
      return { issue: { ...issue!, path: `${kind}.${issue!.path}` } };
    }
    states.push({ kind, ...checked.payload } as ShopState);
  }
  return { states, unreadable };
}

/** Converts an exception of a source's code. */
export function thrown(error: unknown): Issue {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'source_failed', path: '', message: cut(message, 1_000) };
}
