/** What a process can do for an installation; each part is shared out among those that have its role. */
export const ROLES = ['intake', 'delivery', 'sources', 'processors'] as const;

/** One of the roles. */
export type Role = (typeof ROLES)[number];

/** Reads roles, with commas between them; all of them where nothing is said. Throws for one that is not known, and for none. */
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
