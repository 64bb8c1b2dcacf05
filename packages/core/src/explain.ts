import type { Destination } from './define/destination.ts';
import type { ResolvedMapping } from './workspace/resolve.ts';
import type { Event } from './event/event.ts';
import { explainMapping, type MappingExplanation } from './mapping/index.ts';
import { createPipeline, type EndedItem, excluded, type PipelineInput, type ReadyItem } from './pipeline.ts';
import type { Identity } from './identity/resolve.ts';
import { type Issue, shownIssues } from './result/issue.ts';
import { type Outcome, type Skipped, skipped } from './result/outcome.ts';
import { explainTrigger, type Explanation } from './trigger/index.ts';
import { type Change, compilePayload } from './validation/index.ts';

/** What one mapping makes of one event, and why. */
export interface ExplainedMapping {
  readonly mappingId: string;
  readonly name: string;
  readonly action: string;
  readonly enabled: boolean;
  /** Which conditions of the trigger hold, and what each of them read. */
  readonly trigger: Explanation;
  /** What the expression of each field read and produced; absent when the trigger does not hold. */
  readonly mapping?: MappingExplanation;
  /** What validation changed. */
  readonly changes?: readonly Change[];
  /** The problems of the payload, by field. */
  readonly issues?: readonly Issue[];
  /** The payload that would be sent, or the rejected payload. */
  readonly payload?: unknown;
  /** The identifiers that were chosen. */
  readonly identity?: Identity;
  /** Why nothing would be sent; absent when the item is ready to be sent. */
  readonly outcome?: Outcome;
}

/** What one destination makes of one event, and why. JSON, and bounded in size. */
export interface EventExplanation {
  /** Whether the event itself excludes the destination. */
  readonly skipped?: Skipped;
  readonly mappings: readonly ExplainedMapping[];
}

/** The maximum number of problems of one payload that are listed. */
const ISSUES_SHOWN = 100;

/** Explains one event, mapping by mapping: trigger, mapping, validation, identity. Sends nothing. */
export function explainEvent(
  input: {
    readonly destination: Destination;
    readonly settings: unknown;
    readonly mappings: readonly ResolvedMapping[];
    /** `closures` under a content security policy that forbids generated code. */
    readonly execution?: PipelineInput['execution'];
  },
  event: Event,
): EventExplanation {
  const mappings = input.mappings.map((mapping) => explainOne(input, mapping, event));
  return excluded(event, input.destination)
    ? { skipped: skipped('filtered_by_integrations'), mappings }
    : { mappings };
}

function explainOne(
  input: Omit<PipelineInput, 'mappings'>,
  mapping: ResolvedMapping,
  event: Event,
): ExplainedMapping {
  const trigger = explainTrigger(mapping.trigger, event, { dialect: mapping.dialect });
  const { id: mappingId, name, action, enabled } = mapping;
  const about = { mappingId, name, action, enabled, trigger };
  if (!trigger.holds) return about;

  // Uses the same path as delivery for this mapping alone: an explanation that differs from delivery is worse than
  // none.
  const pipeline = createPipeline({ ...input, mappings: [{ ...mapping, enabled: true }] });
  const item: ReadyItem | EndedItem = pipeline.prepareOne(event, mapping.id, 1);
  const fields = input.destination.actions[mapping.action]!.fields;
  const made = compilePayload({ fields, mapping: mapping.mapping, execution: input.execution })(event);
  const explained = {
    ...about,
    mapping: explainMapping(mapping.mapping, event),
    ...(made.ok && made.changes.length > 0 ? { changes: made.changes } : {}),
    ...(made.ok || made.issues.length === 0 ? {} : { issues: shownIssues(made.issues, ISSUES_SHOWN) }),
  };
  if (item.kind === 'ended') {
    return {
      ...explained,
      outcome: item.outcome,
      ...(item.payload === undefined ? {} : { payload: item.payload }),
    };
  }
  const { payload, identity } = item.item;
  return identity === undefined ? { ...explained, payload } : { ...explained, payload, identity };
}
