import type { Issue } from '../result/issue.ts';
import type { Action } from '../define/action.ts';

/** The owner of a field: only the destination; sources in order of priority; or the event with the latest timestamp. */
export type FieldOwner =
  { readonly owner: 'destination' } | { readonly sources: readonly string[] } | { readonly latest: true };

/** The owners of fields, by their path in the payload: `dataFields.loyaltyTier`. */
export type Ownership = Readonly<Record<string, FieldOwner>>;

/**
 * Returns the rules for the fields of this action. Rules of the mapping take precedence over those of the destination.
 */
export function ownershipFor(
  action: Action,
  ofDestination: Ownership = {},
  ofMapping: Ownership = {},
): Ownership | undefined {
  const rules = Object.entries({ ...ofDestination, ...ofMapping }).filter(
    ([path]) => Object.hasOwn(action.fields, topOf(path)) && !isWhole(path, action),
  );
  return rules.length === 0 ? undefined : Object.fromEntries(rules);
}

/** Lists problems of the rules of one mapping. */
export function ownershipIssues(ownership: Ownership, action: Action, path: string): Issue[] {
  return Object.keys(ownership).flatMap((field): Issue[] => {
    const say = (message: string): Issue[] => [
      { code: 'workspace_invalid', path: `${path}["${field}"]`, message },
    ];
    if (!Object.hasOwn(action.fields, topOf(field))) {
      const known = Object.keys(action.fields).join(', ');
      return say(`"${action.title}" has no field "${topOf(field)}". Known: ${known}.`);
    }
    return isWhole(field, action) ? say(`"${action.title}" cannot be sent without "${field}".`) : [];
  });
}

/** A required field cannot be left out of a payload, but a member of it can. */
function isWhole(path: string, action: Action): boolean {
  const field = action.fields[path];
  return field !== undefined && field.required !== undefined && field.required !== false;
}

function topOf(path: string): string {
  const [top = path] = path.split('.');
  return top;
}
