import type { Letter, Log, Peers, Signal } from '@waybill/delivery';
import type { Asked, Elsewhere, Processors, ShopReading, Sources } from '@waybill/ingest';
import type { FastifyBaseLogger } from 'fastify';
import type { Role } from '../roles.ts';
import { join, type Membership } from './membership.ts';
import { createSharedOwners, type SharedOwners } from './owners.ts';

/** The assignment of sources and processors to processes. */
export interface SharedIngest {
  /** The log for the process that works for an owner. */
  readonly log: Log;
  readonly elsewhere: Elsewhere | undefined;
  /** Whether other processes currently read sources and run processors. */
  hasOthers(): boolean;
  /** Signals stored events to other processes. */
  stored(): void;
  /** Starts taking its share. Returns the sources as a facade: requests go to the process that works for each. */
  begin(at: Workers): Sources;
  /** Processes waiting messages. */
  catchUp(): Promise<void>;
  /** Gives the work to other processes; current work still has to end. */
  leave(): Promise<void>;
  /** Stops after everything has ended. */
  stop(): void;
}

/** The workers for owners in this process. */
export interface Workers {
  readonly sources: Sources;
  readonly processors: Pick<Processors, 'at' | 'wake'>;
}

/** The inputs of sharing. */
export interface SharedIngestInput {
  readonly peers: Peers | undefined;
  readonly log: Log;
  /** Names this process. */
  readonly member: string;
  readonly roles: ReadonlySet<Role>;
  readonly logger: FastifyBaseLogger;
}

/** How often leftover work is polled for, in milliseconds: notifications may be lost. */
const LOOK = 1_000;
/** The number of messages per read. */
const LETTERS = 100;
/** The minimum interval between notifications of new events, in milliseconds. */
const TELL = 20;

/** The prefix of owners of shops in the log. */
const SOURCE = 'source ';
/** The prefixes of owners of sources. */
const OF_SOURCES = [SOURCE, 'poll ', 'backfill '];

/** The kinds of owners: each is assigned among processes with its role. */
type Kind = Extract<Role, 'sources' | 'processors'>;

function kindOf(owner: string): Kind {
  return OF_SOURCES.some((kind) => owner.startsWith(kind)) ? 'sources' : 'processors';
}

/** Creates the assignment with other processes, if there can be any. */
export async function shareIngest(input: SharedIngestInput): Promise<SharedIngest> {
  const { peers, log } = input;
  return peers === undefined ? alone(log) : sharing(input, peers);
}

function alone(log: Log): SharedIngest {
  return {
    log,
    elsewhere: undefined,
    hasOthers: () => false,
    stored: () => undefined,
    begin: ({ sources }) => sources,
    catchUp: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    stop: () => undefined,
  };
}

async function sharing(input: SharedIngestInput, peers: Peers): Promise<SharedIngest> {
  const { log, member, logger } = input;
  const onError = (error: unknown): void =>
    logger.warn({ err: error }, 'other processes could not be reached');
  const tell = (signal: Signal): void => void peers.tell(signal).catch(onError);
  let workers: Workers | undefined;
  const memberships = new Map<Kind, Membership>();
  const owners = createSharedOwners({
    owners: log.owners,
    carried: log.carried,
    member,
    members: (name) => memberships.get(kindOf(name))?.members() ?? [],
    kindOf,
    // A new processor must miss no event, in whichever process it was added; a shop is only read by processes with the role.
    mayBegin: (name) => kindOf(name) === 'processors' || input.roles.has('sources'),
    onLeft: () => tell({ topic: 'owners' }),
    onError,
  });
  const wake = (): void => {
    workers?.processors.wake();
    workers?.sources.wake();
  };
  const joinRole = async (role: Kind): Promise<void> => {
    const membership = await join({
      peers,
      role,
      member,
      takesPart: input.roles.has(role),
      onChange() {
        owners.rebalance();
        wake();
      },
      onError,
    });
    memberships.set(role, membership);
  };
  await Promise.all([joinRole('sources'), joinRole('processors')]);
  const all = [...memberships.values()];
  const elsewhere: Elsewhere = {
    isHere: owners.has,
    owners: log.owners,
    async ask(owner, asked) {
      const taken = await peers.post(owner, JSON.stringify(asked));
      tell({ topic: 'letters' });
      return taken;
    },
  };
  const letters = readingLetters(peers, owners, () => workers);
  const look = (): Promise<void> => letters().catch(onError);
  const stopHearing = peers.hear(({ topic }) => {
    if (topic === 'log') workers?.processors.wake();
    if (topic === 'owners') wake();
    if (topic === 'members') for (const one of all) void one.look();
    if (topic === 'letters') void look();
    if (topic === 'backfills') void workers?.sources.refresh().catch(onError);
  });
  const timer = setInterval(() => void look(), LOOK).unref();
  const hasOthers = (): boolean => all.some((one) => one.hasOthers());
  const stored = sparingly(TELL, () => tell({ topic: 'log' }));
  return {
    log: { ...log, owners },
    elsewhere,
    hasOthers,
    stored: () => (hasOthers() ? stored() : undefined),
    begin(at) {
      workers = at;
      return asked(at.sources, elsewhere, () => tell({ topic: 'backfills' }));
    },
    catchUp: look,
    async leave() {
      stopHearing();
      clearInterval(timer);
      await Promise.all(all.map((one) => one.leave()));
    },
    stop: () => owners.stop(),
  };
}

/** The facade of sources: requests go to the process that reads each. */
function asked(sources: Sources, elsewhere: Elsewhere, onBackfill: () => void): Sources {
  return {
    ...sources,
    async backfill(pasts) {
      await sources.backfill(pasts);
      onBackfill();
    },
    shop(id) {
      const reading = sources.shop(id);
      if (reading === undefined || elsewhere.isHere(`${SOURCE}${id}`)) return reading;
      return readElsewhere(reading, (what) => elsewhere.ask(`${SOURCE}${id}`, what));
    },
  };
}

/** A shop that another process reads. */
function readElsewhere(reading: ShopReading, ask: (asked: Asked) => Promise<'taken' | 'full'>): ShopReading {
  return {
    ...reading,
    take: (hints) => ask({ kind: 'hints', hints }),
    readNow: (modes) => void ask({ kind: 'read', modes }),
    async again(keys) {
      await ask({ kind: 'again', ...(keys === undefined ? {} : { keys }) });
      const all = reading.asides();
      return keys === undefined ? all.length : all.filter(({ key }) => keys.includes(key)).length;
    },
    async erase(who) {
      await ask({ kind: 'erase', who });
    },
    visitors: {
      ...reading.visitors,
      async note(visits) {
        if (visits.length > 0) await ask({ kind: 'visits', visits });
      },
    },
  };
}

/** Reads messages for owners of this process; one reading at a time. */
function readingLetters(
  peers: Peers,
  owners: SharedOwners,
  workers: () => Workers | undefined,
): () => Promise<void> {
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const at = workers();
    const held = owners.held();
    if (at === undefined || held.length === 0) return;
    for (const letter of await peers.letters(held, LETTERS)) {
      // A failed message, and all after it, are processed later.
      if (!(await done(letter, at))) return;
      await peers.remove([letter.id]);
    }
  };
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

async function done({ owner, text }: Letter, { sources, processors }: Workers): Promise<boolean> {
  const what = JSON.parse(text) as Asked;
  if (!owner.startsWith(SOURCE)) {
    if (what.kind === 'erase') await processors.at(owner)?.forget(what.who);
    return true;
  }
  const shop = sources.shop(owner.slice(SOURCE.length));
  // Removed meanwhile.
  if (shop === undefined) return true;
  if (what.kind === 'hints') return (await shop.take(what.hints)) === 'taken';
  if (what.kind === 'visits') await shop.visitors.note(what.visits);
  if (what.kind === 'read') shop.readNow(what.modes);
  if (what.kind === 'again') await shop.again(what.keys);
  if (what.kind === 'erase') await shop.erase(what.who);
  return true;
}

/** Throttles a function: runs it at once, and again no sooner than after an interval. */
function sparingly(milliseconds: number, what: () => void): () => void {
  let resting = false;
  let again = false;
  const run = (): void => {
    what();
    resting = true;
    setTimeout(() => {
      resting = false;
      if (!again) return;
      again = false;
      run();
    }, milliseconds).unref();
  };
  return () => {
    if (resting) again = true;
    else run();
  };
}
