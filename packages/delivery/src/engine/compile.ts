import { createPipeline, type Pipeline, type ResolvedDestination } from '@waybill/core';
import { createDeltaFilter, type DeltaFilter } from '../delta/filter.ts';
import type { LaneMemory } from '../delta/lane-memory.ts';
import type { Gate } from '../governor/governor.ts';
import { accountOf, type Kept, openKept } from '../instance/kept.ts';
import { keyOf, readKept } from '../instance/kept-audience.ts';
import type { Redactor } from '../request/redact.ts';
import { redactorOf, secretsOf } from '../request/secrets.ts';
import type { OwnIds } from './audience-ids.ts';
import type { LaneShared } from './lane-shared.ts';

/** A destination, compiled. */
export interface Compiled {
  readonly destination: ResolvedDestination;
  readonly pipeline: Pipeline;
  readonly sources: ReadonlySet<string> | undefined;
  readonly redactor: Redactor;
  /** The versions of its mappings, by ID. */
  readonly versions: ReadonlyMap<string, number>;
  /** The state of its instance, and the value that the definition returned for it. */
  readonly kept: Kept;
  readonly instance: unknown;
  /** The known IDs of its audiences with these settings. */
  readonly audiences: OwnIds;
}

/** The configuration of a lane between two edits of its destination. */
export interface LaneSetup {
  readonly compiled: Compiled;
  readonly gate: Gate;
  /** Absent: every payload is sent unfiltered. */
  readonly filter: DeltaFilter | undefined;
}

/**
 * Compiles a destination; rejects when a trigger or mapping cannot be compiled, or the instance cannot be opened. Unchanged
 * parts are taken over from `before`: an edit of a mapping must keep the state of the instance.
 */
export async function compileLane(
  destination: ResolvedDestination,
  shared: Pick<LaneShared, 'state' | 'box' | 'inTurn' | 'logger' | 'audiences'> & {
    readonly fresh?: boolean;
    /** Assumes IDs of audiences that were not searched for yet: nothing is sent. */
    readonly unchecked?: boolean;
  },
  before?: Compiled,
): Promise<Compiled> {
  const { id, destination: definition, settings } = destination;
  const { state, box, inTurn, logger, fresh = false, unchecked = false } = shared;
  const account = accountOf(destination);
  const onError = (error: unknown): void =>
    logger.error(
      { destination: id, err: error },
      'The learned state of the destination could not be stored.',
    );
  const kept =
    before?.kept.account === account
      ? before.kept
      : await openKept({ state, destination: id, account, box, inTurn, fresh, onError });
  const goesOn =
    before?.kept === kept &&
    before.destination.destination === definition &&
    JSON.stringify(before.destination.settings) === JSON.stringify(settings);
  const audiences = shared.audiences.of(id, `${account} ${JSON.stringify(settings)}`);
  const keptId = (of: string): string | undefined => readKept(of, kept.audiences.get(keyOf(of)))?.externalId;
  return {
    destination,
    audiences,
    pipeline: createPipeline({
      ...destination,
      audienceId: (audience) => audiences.idOf(audience) ?? (unchecked ? keptId(audience.id) : undefined),
    }),
    sources: destination.sources === undefined ? undefined : new Set(destination.sources),
    redactor: redactorOf(destination),
    versions: new Map(
      destination.mappings.flatMap(({ id: one, version }) =>
        version === undefined ? [] : [[one, version] as const],
      ),
    ),
    kept,
    instance: goesOn ? before.instance : definition.open?.(settings, kept.own),
  };
}

/** Creates the configuration of a lane. */
export function setUp(compiled: Compiled, memory: LaneMemory, shared: LaneShared): LaneSetup {
  const filter = createDeltaFilter(compiled.destination, memory, shared.now);
  return { compiled, gate: gateOf(compiled, shared), filter };
}

/** Identifies an account; in memory only. */
export function credentialOf(destination: ResolvedDestination): string {
  return `${destination.destination.slug} ${JSON.stringify(secretsOf(destination))}`;
}

/** Lanes of one account share its limits. */
export function gateOf(
  { destination, kept }: Compiled,
  { governor, parts }: Pick<LaneShared, 'governor' | 'parts'>,
): Gate {
  const { destination: definition, settings } = destination;
  const { rateLimits, readRateLimit } = definition;
  return governor.gate({
    credential: credentialOf(destination),
    limits: rateLimits?.(settings) ?? [],
    kept: kept.learned,
    share: () => parts.of(destination.id),
    ...(readRateLimit === undefined ? {} : { read: readRateLimit }),
  });
}
