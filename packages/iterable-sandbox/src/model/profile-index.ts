import type { Profile } from './profile.ts';

/** Profiles by one identifier. Which identifiers are unique depends on the project type, so a key may hold several. */
export class ProfileIndex {
  readonly #profiles = new Map<string, Profile | Profile[]>();

  /** Returns the first profile with this key, to which the service writes when a userId is shared. */
  first(key: string): Profile | undefined {
    const held = this.#profiles.get(key);
    return Array.isArray(held) ? held[0] : held;
  }

  /** Every profile with this key. */
  all(key: string): Profile[] {
    const held = this.#profiles.get(key);
    if (held === undefined) return [];
    return Array.isArray(held) ? [...held] : [held];
  }

  /** Adds a profile under a key. */
  add(key: string, profile: Profile): void {
    const held = this.#profiles.get(key);
    if (held === undefined) this.#profiles.set(key, profile);
    else if (Array.isArray(held)) held.push(profile);
    else this.#profiles.set(key, [held, profile]);
  }

  /** Removes a profile from a key. */
  remove(key: string, profile: Profile): void {
    const rest = this.all(key).filter((other) => other !== profile);
    if (rest.length === 0) this.#profiles.delete(key);
    else this.#profiles.set(key, rest.length === 1 ? rest[0]! : rest);
  }
}
