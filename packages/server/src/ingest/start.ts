import { randomUUID } from 'node:crypto';
import type {
  ResolvedDestination,
  ResolvedSource,
  ResolvedWorkspace,
  SendContext,
  SourceContext,
  SourcePlace,
} from '@waybill/core';
import {
  createReach,
  createRequest,
  createTransport,
  type Log,
  secretsIn,
  standingsOf,
} from '@waybill/delivery';
import {
  AUDIENCE,
  AUDIENCE_STREAM,
  createIntake,
  createPace,
  createReviews,
  createSources,
  createViolations,
  type Deletions,
  type Intake,
  type IntakeInput,
  keepFolders,
  type LanePosition,
  type Links,
  noteOf,
  pollOwner,
  type Processors,
  type Refusals,
  type Reviews,
  type SourceName,
  type Sources,
  type SourcesInput,
  streamValues,
  type Violations,
} from '@waybill/ingest';
import type { FastifyBaseLogger } from 'fastify';
import type { Admission } from '../admission/admission.ts';
import { createThrottle } from '../admission/throttle.ts';
import { createKeyring, type Keyring } from '../keys.ts';
import { createSparing } from '../logging/sparing.ts';
import type { Metrics } from '../metrics.ts';
import { storefrontKeyOf } from '../storefront/key.ts';
import { shareIngest } from '../peers/ingest.ts';
import type { Role } from '../roles.ts';
import type { Stores } from '../stores.ts';
import type { Tracing } from '../tracing.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { openRecord } from './deletions.ts';
import { hasPlan, judgeOf } from './plans.ts';
import { startProcessors } from './processors-thread.ts';
import { startSourcesThread } from './sources-thread.ts';

/** The intake of events, apart from its routes. */
export interface Ingest {
  readonly intake: Intake;
  readonly sources: Sources;
  readonly processors: Processors;
  /** The violations of tracking plans. */
  readonly violations: Violations;
  readonly reviews: Reviews;
  /** The record of deletions, and of persons whose events are refused. */
  readonly deletions: Deletions;
  /** Returns the context of the functions of a source. */
  contextOf(source: ResolvedSource): SourceContext;
  /** Returns the context for queries of a destination outside of its lanes. */
  askingOf(destination: ResolvedDestination): Asking;
  /** Runs the sources and processors of a workspace; the data of removed ones is erased in the process that made the change. */
  configure(workspace: ResolvedWorkspace, isOwn: boolean): Promise<void>;
  /** Resolves when everything that can be read was read and processed. */
  idle(): ReturnType<Sources['idle']>;
  stop(): Promise<void>;
}

/** The context of functions that query a destination. */
export type Asking = Pick<SendContext, 'settings' | 'request' | 'now'>;

/** The inputs of the intake. */
export interface IngestInput {
  readonly stores: Stores;
  readonly editor: WorkspaceEditor;
  readonly refusals: Refusals;
  readonly metrics: Metrics;
  /** Redacts secrets in what is shown. */
  readonly hide: (value: unknown) => unknown;
  /** Called with events before they are stored. */
  readonly sampled: IntakeInput['sampled'];
  /** Called when events were stored. */
  readonly onStored: () => void;
  readonly tracing: Tracing | undefined;
  readonly logger: FastifyBaseLogger;
  readonly admission: Admission;
  readonly allowedHosts: readonly string[];
  /** The folder for results of audience sources, and the folders they may read. */
  readonly audiences: Pick<SourcePlace, 'folder' | 'files'>;
  /** The maximum number of waiting events per destination; 0 for no limit. */
  readonly backlogEvents: number;
  /** The public URL of this server. */
  readonly publicUrl: string | undefined;
  /** Creates tokens of links. */
  readonly links: Links;
  /** The secret for them. */
  readonly secretKey: string;
  /** The address of the stores. */
  readonly store: string;
  /** Names this process among those of the same store. */
  readonly member: string;
  readonly roles: ReadonlySet<Role>;
}

/** The holder of leases with a single process, which reacquires its leases at once after a restart. */
const HOLDER = 'server';

/** Creates the intake, and starts reading sources and running processors. */
export async function startIngest(input: IngestInput): Promise<Ingest> {
  const { stores, editor, logger, admission, allowedHosts, publicUrl, member } = input;
  const { peers } = editor;
  const shared = await shareIngest({ peers, log: stores.log, member, roles: input.roles, logger });
  const { log, elsewhere } = shared;
  const holder = peers === undefined ? HOLDER : member;
  const transport = createTransport({ allowedHosts });
  const reach = createReach({ allowedHosts });
  const sparing = createSparing(Date.now);
  const violations = createViolations(Date.now, input.hide);
  const { deletions, stop: stopFollowing } = await openRecord(input, holder);
  const intake = createIntake({
    log,
    sourceOf: keysOf(editor),
    guesses: createThrottle(Date.now),
    refusals: input.refusals,
    metrics: input.metrics,
    now: Date.now,
    newMessageId: randomUUID,
    sparing,
    traced: tracer(input.tracing),
    sampled: input.sampled,
    judge: judgeOf(editor, violations, input.metrics),
    suppressed: deletions.has,
    isJudged: (id) => hasPlan(editor, id) || deletions.hasAny(),
    onStored() {
      stores.delivery.wake();
      processors.wake();
      shared.stored();
      input.onStored();
    },
  });
  const pace = paceOf(input);
  const thread = startSourcesThread(allowedHosts, stores.writeBack, (id) => hasPlan(editor, id));
  const memories = new WeakMap<ResolvedSource, Map<string, unknown>>();
  const contextOf = (resolved: ResolvedSource): SourceContext => {
    const { source, settings } = resolved;
    const memory = memories.get(resolved) ?? new Map<string, unknown>();
    memories.set(resolved, memory);
    const secrets = secretsIn(source?.settings ?? {}, settings);
    const { request } = createRequest({ transport, secrets });
    const place = placeOf(resolved, { ...input, log, reach, isShared: elsewhere !== undefined });
    return { settings, now: Date.now, request, memory, place };
  };
  const askingOf = ({ destination, settings }: ResolvedDestination): Asking => {
    const { request } = createRequest({ transport, secrets: secretsIn(destination.settings, settings) });
    return { settings, request, now: Date.now };
  };
  const processors = startProcessors({ ...input, log, intake, holder, elsewhere, sparing });
  const shares = { log, intake, holder, elsewhere, now: Date.now };
  const reviews = createReviews({ ...shares, processors, links: input.links });
  const own = createSources({
    ...shares,
    context: contextOf,
    thread,
    closed: () => admission.closed() !== undefined,
    room: () => pace.room(),
    ...(publicUrl === undefined ? {} : { address: (id) => webhookAddress(publicUrl, id) }),
    consents: (source) => consentsOf(source, editor, askingOf),
    onFailure: (stream, failure) =>
      sparing(`source ${stream}`, () => logger.warn({ stream, ...failure }, 'a source could not be read')),
  });
  const sources = shared.begin({ sources: own, processors });
  const configure = async (workspace: ResolvedWorkspace, isOwn: boolean): Promise<void> => {
    if (stores.supports.partitions > 1 && workspace.processors.length > 0)
      sparing('partitions', () =>
        logger.warn(
          'the log has several partitions: the state that processors store for a visitor is not merged with that of the account; see "Several partitions" in docs/scaling.md',
        ),
      );
    await processors.configure(workspace.processors, isOwn);
    await sources.configure(workspace.sources, isOwn);
    keepFolders(
      input.audiences.folder,
      workspace.sources.map(({ id }) => id),
    );
  };
  await configure(editor.resolved, !shared.hasOthers());
  return {
    intake: {
      ...intake,
      take(...given) {
        pace.live();
        return intake.take(...given);
      },
    },
    sources,
    processors,
    violations,
    reviews,
    deletions,
    contextOf,
    askingOf,
    configure,
    async idle() {
      await shared.catchUp();
      const idle = await sources.idle();
      await processors.idle();
      return idle;
    },
    async stop() {
      stopFollowing();
      await shared.leave();
      await sources.stop();
      await thread.stop();
      await processors.stop();
      shared.stop();
      transport.close();
    },
  };
}

/** Returns the place for files of a source. */
function placeOf(
  { id, source }: ResolvedSource,
  {
    audiences,
    reach,
    log,
    isShared,
  }: Pick<IngestInput, 'audiences'> &
    Pick<SourcePlace, 'reach'> & {
      readonly log: Pick<Log, 'carried' | 'get' | 'set'>;
      readonly isShared: boolean;
    },
): SourcePlace {
  const note = {
    read: () => log.get(noteOf(id)),
    leave: (text: string) => log.set(noteOf(id), text),
  };
  const place = { id, ...audiences, reach, note };
  if (!isShared || source?.slug !== AUDIENCE) return place;
  return { ...place, values: streamValues(pollOwner(id, AUDIENCE_STREAM), log) };
}

/** Returns the consents of the destination that a shop names, if supported. */
function consentsOf(
  { settings: { consentDestination } }: ResolvedSource,
  { resolved }: WorkspaceEditor,
  askingOf: Ingest['askingOf'],
): ReturnType<NonNullable<SourcesInput['consents']>> {
  const found = resolved.destinations.find(({ id, enabled }) => enabled && id === consentDestination);
  const consents = found?.destination.consents;
  if (found === undefined || consents === undefined) return undefined;
  return (period) => consents(period, askingOf(found));
}

function webhookAddress(publicUrl: string, source: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/sources/${encodeURIComponent(source)}/webhook`;
}

function tracer(tracing: Tracing | undefined): Parameters<typeof createIntake>[0]['traced'] {
  return (
    tracing &&
    ((sourceId, event, began, ended) =>
      tracing.span('accept', { sourceId, event }, began, ended, { received_at: event.receivedAt }))
  );
}

function paceOf(input: IngestInput): ReturnType<typeof createPace> {
  const { backlogEvents } = input;
  return createPace({
    lanes: () => positions(input),
    now: Date.now,
    ...(backlogEvents > 0 ? { most: backlogEvents } : {}),
  });
}

/** Returns the positions of enabled destinations. */
async function positions({ stores: { log, state }, editor }: IngestInput): Promise<readonly LanePosition[]> {
  const enabled = new Set(editor.resolved.destinations.flatMap((one) => (one.enabled ? [one.id] : [])));
  const { destinations } = await standingsOf({ log, state });
  return destinations.filter(({ destination }) => enabled.has(destination));
}

/** A source by key, and until when the key is accepted. */
interface Keyed {
  readonly source: SourceName;
  readonly until: number;
}

/** Creates the look-up of enabled sources by write key, or public storefront key. */
function keysOf(editor: WorkspaceEditor): (key: string) => SourceName | undefined {
  const keyring = ({ sources }: ResolvedWorkspace): Keyring<Keyed> => {
    const enabled = sources.filter((one) => one.enabled);
    const secret = enabled.flatMap((source): readonly (readonly [string, Keyed])[] => {
      const { writeKey, earlierKeys = [] } = source;
      if (writeKey === undefined) return [];
      const earlier = earlierKeys.map(({ key, until }) => [key, { source, until }] as const);
      return [[writeKey, { source, until: Infinity }], ...earlier];
    });
    const open = enabled.flatMap((one): readonly (readonly [string, Keyed])[] => {
      const key = storefrontKeyOf(one);
      return key === undefined ? [] : [[key, { source: { id: one.id, storefront: true }, until: Infinity }]];
    });
    return createKeyring([...secret, ...open]);
  };
  let known = editor.resolved;
  let keys = keyring(known);
  return (key) => {
    if (known !== editor.resolved) {
      known = editor.resolved;
      keys = keyring(known);
    }
    const found = keys.find(key);
    return found === undefined || found.until <= Date.now() ? undefined : found.source;
  };
}
