/** The roles of tokens. Each role includes those before it. */
export const ROLES = ['read', 'edit', 'send', 'admin'] as const;

/**
 * The permissions of a token: `read` reads, `edit` also changes the configuration, `send` also causes sending (replays, tests
 * with real events, deletions), and `admin` also manages access.
 */
export type Role = (typeof ROLES)[number];

/** Whether a role includes another. */
export function allows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
