import { EVENT_TYPES, type EventType } from '../event/event.ts';

/** A JSON Schema of draft 7, as plain data. */
export type PlanSchema = Readonly<Record<string, unknown>>;

/** The events of a rule: those of one call, or `common` for all. */
export type RuleType = Exclude<EventType, 'alias'> | 'common';

/** The required structure of events of one name, or of one call. */
export interface PlanRule {
  readonly type: RuleType;
  /** The name of the event, for track rules only. */
  readonly event?: string;
  /** The schema of the whole event, as it is stored in the log. */
  readonly schema: PlanSchema;
}

/** The action for a violation. */
export type PlanAction = 'allow' | 'omit' | 'block';

/** What a source is expected to send, and the actions for everything else. */
export interface TrackingPlan {
  readonly name?: string;
  readonly rules: readonly PlanRule[];
  /** The action for track events without a rule; `allow` when absent. */
  readonly unplannedEvents?: 'allow' | 'block';
  /** The action for undeclared members; `allow` when absent. */
  readonly unplannedProperties?: PlanAction;
  /** The action for invalid and missing values; `allow` when absent. */
  readonly invalidValues?: PlanAction;
}

/** The maximum number of rules of a plan. */
export const MAX_RULES = 2_000;

/** The types of rules. */
export const RULE_TYPES: readonly RuleType[] = ['common', ...EVENT_TYPES.filter((type) => type !== 'alias')];

const action = { enum: ['allow', 'omit', 'block'], default: 'allow' };

/** The schema of a tracking plan; its own schemas are checked when it is compiled. */
export const trackingPlanSchema = {
  type: 'object',
  description: 'The events that the source is expected to send, and how everything else is handled.',
  properties: {
    $schema: { type: 'string' },
    name: { type: 'string', minLength: 1, description: 'Name of the plan.' },
    unplannedEvents: {
      enum: ['allow', 'block'],
      default: 'allow',
      description: 'How track events that no rule names are handled.',
    },
    unplannedProperties: {
      ...action,
      description: 'How members that the schema does not name are handled; omit leaves them out.',
    },
    invalidValues: {
      ...action,
      description: 'How values that the schema refuses are handled; omit leaves them out.',
    },
    rules: {
      type: 'array',
      maxItems: MAX_RULES,
      items: {
        type: 'object',
        description: 'The required structure of events of one name, or of one call.',
        properties: {
          type: {
            enum: RULE_TYPES,
            description: 'The call; common applies to every event, in addition to its own rule.',
          },
          event: { type: 'string', minLength: 1, description: 'The name of a track event.' },
          schema: { type: 'object', description: 'JSON Schema, draft 7, of the whole event.' },
        },
        required: ['type', 'schema'],
        additionalProperties: false,
        if: { properties: { type: { const: 'track' } } },
        then: { required: ['event'] },
      },
    },
  },
  required: ['rules'],
  additionalProperties: false,
} as const;
