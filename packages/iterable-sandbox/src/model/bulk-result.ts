import type { Identity, Refusal } from './identity.ts';
import type { Outcome } from './item-log.ts';
import { spellEmail } from './profile.ts';
import type { Switches } from './switches.ts';

type Reason = 'invalid' | 'invalidData' | 'conflict' | 'forgotten' | 'notFound';

/** Collects the outcomes of the items of a bulk request in the lists of its answer. */
export class BulkResult {
  success = 0;
  fail = 0;
  readonly #switches: Switches;
  readonly #failed = new Map<string, string[]>();
  readonly #oldEmails: string[] = [];
  readonly #oldUserIds: string[] = [];
  readonly #disallowed = new Set<string>();
  readonly #noOpEmails: string[] = [];
  readonly #noOpUserIds: string[] = [];

  constructor(switches: Switches) {
    this.#switches = switches;
  }

  /** Counts an accepted user; one whose profile is unchanged is listed if the project lists those. */
  take({ email, userId }: Identity, changed: boolean): Outcome {
    this.success += 1;
    if (!changed && this.#switches.noOpLists === 'listed') {
      if (email) this.#noOpEmails.push(spellEmail(email, this.#switches));
      else if (userId) this.#noOpUserIds.push(userId);
    }
    return 'accepted';
  }

  /** Counts a refused item and lists its identifiers; returns its outcome. */
  refuse(refusal: Refusal, kind: 'users' | 'events'): Outcome {
    this.fail += 1;
    const { refused } = refusal;
    let { email, userId } = refusal;
    if (email !== undefined && userId !== undefined) {
      if (this.#switches.conflictList === 'emails') userId = undefined;
      else if (this.#switches.conflictList === 'userIds') email = undefined;
    }
    this.#list(refused, email, userId);
    // The old lists mean "malformed" for users; for events the old userId list means "not found".
    if (refused === 'invalid') this.#old(email, kind === 'users' ? userId : undefined);
    else if (refused === 'notFound') this.#old(undefined, kind === 'events' ? userId : undefined);
    return refused;
  }

  /** Counts an unknown userId of an email-based project in bulkUpdate, in the list that the switch selects. */
  refuseUnknownUserId(userId: string): Outcome {
    this.fail += 1;
    this.#list(
      this.#switches.bulkUnknownUserId === 'invalidUserIds' ? 'invalid' : 'notFound',
      undefined,
      userId,
    );
    this.#old(undefined, userId);
    return 'notFound';
  }

  /** Counts an item whose data alone was refused. */
  refuseData(email: string | undefined, userId: string | undefined): Outcome {
    this.fail += 1;
    this.#list('invalidData', email, email === undefined ? userId : undefined);
    return 'typeConflict';
  }

  /** Records an event whose name the project refuses. */
  disallow(eventName: string): Outcome {
    this.#disallowed.add(eventName);
    if (this.#switches.disallowedRaisesFailCount === 'yes') this.fail += 1;
    return 'disallowed';
  }

  /** The answer of users/bulkUpdate, lists/subscribe and lists/unsubscribe. */
  users(createdFields: string[], filteredOutFields: string[]): object {
    return {
      ...this.#counts(createdFields, filteredOutFields),
      ...(this.#switches.noOpLists === 'listed'
        ? { noOpEmails: this.#noOpEmails, noOpUserIds: this.#noOpUserIds }
        : {}),
      failedUpdates: this.#failedUpdates(['invalid', 'invalidData', 'conflict', 'forgotten', 'notFound']),
    };
  }

  /** The answer of events/trackBulk. */
  events(createdFields: string[], filteredOutFields: string[]): object {
    return {
      ...this.#counts(createdFields, filteredOutFields),
      disallowedEventNames: [...this.#disallowed],
      failedUpdates: this.#failedUpdates(['invalid', 'notFound', 'forgotten']),
    };
  }

  #counts(createdFields: string[], filteredOutFields: string[]): object {
    return {
      successCount: this.success,
      failCount: this.fail,
      invalidEmails: this.#oldEmails,
      invalidUserIds: this.#oldUserIds,
      filteredOutFields,
      createdFields,
    };
  }

  #failedUpdates(reasons: Reason[]): Record<string, string[]> {
    const lists: Record<string, string[]> = {};
    for (const reason of reasons) {
      for (const list of [`${reason}Emails`, `${reason}UserIds`]) lists[list] = this.#failed.get(list) ?? [];
    }
    // A conflict in trackBulk has no list in the published answer, but must not be lost.
    for (const [list, identifiers] of this.#failed) lists[list] ??= identifiers;
    return lists;
  }

  #list(reason: Reason, email: string | undefined, userId: string | undefined): void {
    if (email !== undefined) this.#add(`${reason}Emails`, spellEmail(email, this.#switches));
    if (userId !== undefined) this.#add(`${reason}UserIds`, userId);
  }

  #add(list: string, identifier: string): void {
    const held = this.#failed.get(list);
    if (held === undefined) this.#failed.set(list, [identifier]);
    else held.push(identifier);
  }

  #old(email: string | undefined, userId: string | undefined): void {
    if (email !== undefined) this.#oldEmails.push(spellEmail(email, this.#switches));
    if (userId !== undefined) this.#oldUserIds.push(userId);
  }
}
