/** A profile of the account. */
export interface Profile {
  readonly id: string;
  readonly attributes: Record<string, unknown>;
  /** The consent per channel. */
  readonly consent: Record<string, string>;
}

/** An event of the account. */
export interface Recorded {
  readonly profile: string;
  readonly metric: string;
  readonly unique_id: string;
  readonly time: string | undefined;
  readonly value: number | undefined;
  readonly value_currency: string | undefined;
  readonly backfill: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A problem: a code, a message, and the end of a pointer. */
export interface Wrong {
  readonly code: string;
  readonly detail: string;
  readonly at: string;
}

type Members = Readonly<Record<string, unknown>>;

const NAMES = ['email', 'phone_number', 'external_id'] as const;

/** A Klaviyo account, by the rules of its reference. */
export class Account {
  readonly profiles = new Map<string, Profile>();
  readonly events: Recorded[] = [];
  readonly lists: { readonly id: string; readonly name: string; readonly optIn: string }[] = [];
  readonly members = new Map<string, Set<string>>();
  readonly erased: string[] = [];
  #made = 0;

  /** Returns a new ID of a kind. */
  id(kind: string): string {
    this.#made += 1;
    return `${kind}${this.#made}`;
  }

  /** Returns the profiles with one of the identifiers. */
  find(by: Members): readonly Profile[] {
    return [...this.profiles.values()].filter(({ attributes }) =>
      NAMES.some((name) => by[name] !== undefined && plain(by[name]) === plain(attributes[name])),
    );
  }

  /** Returns why attributes are invalid. */
  wrong(attributes: Members): Wrong | undefined {
    const { email, phone_number: phone } = attributes;
    if (typeof email === 'string' && !/^[^@\s]+@[^@\s]+\.\w+$/.test(email))
      return { code: 'invalid', detail: 'Invalid email address', at: 'email' };
    if (typeof phone === 'string' && !/^\+[1-9]\d{6,14}$/.test(phone))
      return { code: 'invalid', detail: 'Invalid phone number format', at: 'phone_number' };
    if (NAMES.every((name) => attributes[name] === undefined))
      return { code: 'invalid', detail: 'One or more identifiers is required', at: '' };
    const [first, ...others] = this.find(attributes);
    if (first === undefined || others.length === 0) return undefined;
    return {
      code: 'duplicate_profile',
      detail: 'A profile already exists with one of these identifiers.',
      at: '',
    };
  }

  /** Creates a profile from attributes, or updates the one that they identify. A job ignores null. */
  upsert(attributes: Members, isJob = false): { readonly profile: Profile; readonly isNew: boolean } {
    const [known] = this.find(attributes);
    const profile: Profile = known ?? { id: this.id('P'), attributes: {}, consent: {} };
    this.profiles.set(profile.id, profile);
    for (const [name, value] of Object.entries(attributes)) {
      const before = profile.attributes[name];
      const isMerged = name === 'properties' || name === 'location';
      const next = isMerged ? { ...(before as object), ...(value as object) } : value;
      profile.attributes[name] = isMerged
        ? withoutNull(next as Members, isJob ? (before as Members) : {})
        : next;
    }
    return { profile, isNew: known === undefined };
  }

  /** Records an event once. */
  record(profile: Profile, event: Members): void {
    const metric = (event as { metric: { data: { attributes: { name: string } } } }).metric.data.attributes
      .name;
    const id = String(event['unique_id']);
    if (
      this.events.some((one) => one.profile === profile.id && one.metric === metric && one.unique_id === id)
    )
      return;
    this.events.push({
      profile: profile.id,
      metric,
      unique_id: id,
      time: event['time'] as string | undefined,
      value: event['value'] as number | undefined,
      value_currency: event['value_currency'] as string | undefined,
      backfill: event['backfill'] === true,
      properties: event['properties'] as Members,
    });
  }

  /** Adds a list. */
  addList(name: string, optIn = 'double_opt_in'): string {
    const id = this.id('L');
    this.lists.push({ id, name, optIn });
    this.members.set(id, new Set());
    return id;
  }

  /** Erases every profile of a request. */
  erase(id: string | undefined, by: Members): void {
    for (const profile of id === undefined ? this.find(by) : [this.profiles.get(id)]) {
      if (profile === undefined) continue;
      this.erased.push(String(profile.attributes['email'] ?? profile.id));
      this.profiles.delete(profile.id);
      for (const members of this.members.values()) members.delete(profile.id);
    }
  }
}

function plain(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function withoutNull(members: Members, before: Members | undefined): Members {
  const kept = Object.entries(members).map(([name, value]) => [name, value ?? before?.[name]] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}
