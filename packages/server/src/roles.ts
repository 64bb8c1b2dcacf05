/** The roles of processes; the work of each is divided among processes with the role. */
export const ROLES = ['intake', 'delivery', 'sources', 'processors'] as const;

/** A role. */
export type Role = (typeof ROLES)[number];

/** Parses comma-separated roles; all of them by default. Throws for an unknown role, and for an empty list. */
export function readRoles(text: string | undefined): ReadonlySet<Role> {
  const named = (text ?? '').split(',').flatMap((one) => one.trim() || []);
  if (named.length === 0) return new Set(ROLES);
  const wrong = named.find((one) => !isRole(one));
  if (wrong === undefined) return new Set(named.filter(isRole));
  throw new Error(`WAYBILL_ROLES has "${wrong}"; the roles are ${ROLES.join(', ')}.`);
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
