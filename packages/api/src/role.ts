/** What tokens may do. Each role may do what those before it may. */
export const ROLES = ['read', 'edit', 'send', 'admin'] as const;

/**
 * What a token may do: `read` looks, `edit` changes the configuration too, `send` makes things go out (replays, tests with real
 * events, deletions), and `admin` decides who else may.
 */
export type Role = (typeof ROLES)[number];

/** Whether a role may do what needs another. */
export function allows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
