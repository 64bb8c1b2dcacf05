import { createHash } from 'node:crypto';
import { BigMap } from './big-map.ts';
import type { Catalog } from './catalog.ts';
import type { JsonObject } from '../json.ts';
import type { ExportJob } from './export-job.ts';
import { FieldBook } from './field-book.ts';
import { ItemLog } from './item-log.ts';
import type { UserList } from './user-list.ts';
import { Profile, notePast } from './profile.ts';
import { ProfileIndex } from './profile-index.ts';
import { Queues } from './queues.ts';
import type { Send } from './send.ts';
import { defaultSettings, type ProjectType, type Region, type Settings } from './settings.ts';
import { Stats } from './stats.ts';
import { adopt, chain, type StoredEvent, type StoredPurchase } from './stored.ts';
import { defaultSwitches, type Switches } from './switches.ts';

/** Whether events are kept whole, or only counted by id so that a load test fits in memory. */
export type KeepEvents = 'all' | 'counts';

/** Options of a project. */
export interface ProjectOptions {
  readonly type: ProjectType;
  readonly region: Region;
  readonly keepEvents: KeepEvents;
  /** The maximum number of items in the item log. */
  readonly keepLog: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** The whole state of one Iterable project. */
export class Project {
  readonly id = 1;
  readonly now: () => number;
  readonly random: () => number;
  readonly keepEvents: KeepEvents;
  readonly settings: Settings = defaultSettings();
  readonly switches: Switches = defaultSwitches();
  readonly stats = new Stats();
  readonly queues: Queues;
  type: ProjectType;
  region: Region;
  profiles = new Set<Profile>();
  byEmail = new ProfileIndex();
  byUserId = new ProfileIndex();
  fields = new FieldBook();
  events = new BigMap<StoredEvent>();
  /** With `keepEvents: 'counts'`: the number of times each event ID was received. */
  eventCounts = new BigMap<number>();
  purchases = new BigMap<StoredPurchase>();
  lists = new Map<number, UserList>();
  catalogs = new Map<string, Catalog>();
  forgottenEmails = new Set<string>();
  forgottenUserIds = new Set<string>();
  /** Events for an identifier without a profile wait here until the profile is created. */
  parked = new Map<string, Profile>();
  /** Requested messages, campaigns and journeys; nothing is sent. */
  sends: Send[] = [];
  /** Jobs that write data into files. */
  exports = new Map<number, ExportJob>();
  /** Consents, as sent by webhooks, or not. */
  said: JsonObject[] = [];
  /** The URL of the sandbox; set when it listens. */
  url = '';
  log: ItemLog;
  #nextListId = 1001;
  #nextExportId = 1;

  constructor(options: ProjectOptions) {
    this.type = options.type;
    this.keepEvents = options.keepEvents;
    this.now = options.now;
    this.random = options.random;
    this.region = options.region;
    this.queues = new Queues(this.settings, options.now);
    this.log = new ItemLog(options.keepLog);
  }

  /** The number of stored custom events. */
  get eventCount(): number {
    return this.keepEvents === 'all' ? this.events.size : this.eventCounts.size;
  }

  /** Clears all data; settings, switches and known endpoints stay. */
  empty(): void {
    this.profiles = new Set();
    this.byEmail = new ProfileIndex();
    this.byUserId = new ProfileIndex();
    this.fields = new FieldBook();
    this.events = new BigMap();
    this.eventCounts = new BigMap();
    this.purchases = new BigMap();
    this.lists = new Map();
    this.catalogs = new Map();
    this.forgottenEmails = new Set();
    this.forgottenUserIds = new Set();
    this.parked = new Map();
    this.sends = [];
    this.exports = new Map();
    this.said = [];
    this.queues.clear();
    this.log = this.log.fresh();
    this.#nextListId = 1001;
    this.stats.clear();
  }

  /** Returns the number of the next export. */
  takeExportId(): number {
    this.#nextExportId += 1;
    return this.#nextExportId - 1;
  }

  /** Returns the number of the next list. */
  takeListId(): number {
    this.#nextListId += 1;
    return this.#nextListId - 1;
  }

  /** Generates an ID for something without one. */
  makeId(): string {
    let id = '';
    for (let part = 0; part < 4; part += 1) {
      id += Math.floor(this.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    }
    return id;
  }

  /** Creates a profile; events parked under its identifiers become its own. */
  create(email: string | undefined, userId: string | undefined): Profile {
    const profile = new Profile(email, userId, this.now());
    this.profiles.add(profile);
    if (email !== undefined) this.byEmail.add(email.toLowerCase(), profile);
    if (userId !== undefined) this.byUserId.add(userId, profile);
    if (this.parked.size > 0) {
      for (const key of [`email:${email?.toLowerCase() ?? ''}`, `userId:${userId ?? ''}`]) {
        const waiting = this.parked.get(key);
        if (waiting === undefined) continue;
        profile.lastEvent = adopt(profile.lastEvent, waiting.lastEvent, profile);
        this.parked.delete(key);
      }
    }
    return profile;
  }

  /** Returns the holder of events for an identifier without a profile. */
  park(email: string | undefined, userId: string | undefined): Profile {
    const key = email === undefined ? `userId:${userId ?? ''}` : `email:${email.toLowerCase()}`;
    let waiting = this.parked.get(key);
    if (waiting === undefined) this.parked.set(key, (waiting = new Profile(email, userId, this.now())));
    return waiting;
  }

  /** Gives a profile another address. */
  setEmail(profile: Profile, email: string): void {
    if (profile.email === email) return;
    if (profile.email !== undefined) this.byEmail.remove(profile.email.toLowerCase(), profile);
    profile.email = email;
    this.byEmail.add(email.toLowerCase(), profile);
  }

  /** Gives a profile another userId. */
  setUserId(profile: Profile, userId: string): void {
    if (profile.userId === userId) return;
    if (profile.userId !== undefined) this.byUserId.remove(profile.userId, profile);
    profile.userId = userId;
    this.byUserId.add(userId, profile);
  }

  /** Removes a profile and, unless another profile has taken them over, its events and purchases. */
  remove(profile: Profile): void {
    this.profiles.delete(profile);
    if (profile.email !== undefined) this.byEmail.remove(profile.email.toLowerCase(), profile);
    if (profile.userId !== undefined) this.byUserId.remove(profile.userId, profile);
    for (const event of chain(profile.lastEvent)) this.events.delete(event.id);
    for (const purchase of chain(profile.lastPurchase)) this.purchases.delete(purchase.id);
  }

  /** To be called when a visibility delay is set: what was written before has long been visible. */
  delayFromNow(): void {
    for (const profile of this.profiles)
      if (profile.past === undefined) notePast(profile, this.switches, -Infinity, 0);
  }

  /** To be called after every write to a profile: readers with a visibility delay need its history. */
  written(profile: Profile): void {
    if (this.settings.visibilityDelayMs > 0) {
      notePast(profile, this.switches, this.now(), this.settings.visibilityDelayMs);
    }
  }
}

/** Returns the published form of forgotten identifiers. */
export function hashed(identifier: string): string {
  return createHash('sha256').update(identifier).digest('hex');
}
