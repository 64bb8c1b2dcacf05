import type { EventExplanation, ExplainedMapping, Explanation } from '@waybill/core';
import { ISSUE, OUTCOME } from './issues.ts';
import { CHANGED } from './refused.ts';
import { members, route } from './route.ts';
import { among, anything, list, named, NAME, object, reference, text, typed, whole, yes } from './schema.ts';

const READING = object({ text: text(), found: yes(), value: anything() });
/** The results of the conditions of a trigger, and what each of them read. */
export const TRIGGER = named(
  'ExplainedTrigger',
  typed<Explanation>(
    object({
      kind: among(['and', 'or', 'not', 'any', 'all', 'condition']),
      text: text(),
      offset: whole(),
      holds: yes(),
      reads: list(READING),
      children: list(reference('ExplainedTrigger')),
    }),
  ),
);
const STEP = named(
  'ExplainedStep',
  object(
    {
      path: text(),
      directive: text(),
      reads: list(object({ path: text() }, { value: anything() })),
      differences: list(text()),
      steps: list(reference('ExplainedStep')),
    },
    { value: anything() },
  ),
);
const FIELD = object({ field: text(), steps: list(STEP) }, { value: anything() });
/** What the expression of each field read and produced. */
export const MAPPING = object({
  fields: list(FIELD),
  steps: list(STEP),
  problems: list(ISSUE),
  shortened: yes(),
});
/** A change that validation made at one place. */
export const CHANGE = object(
  { path: text(), what: among(['removed_empty', 'removed_unknown', 'coerced']) },
  { from: anything(), to: anything() },
);
/** The chosen identifiers. */
export const IDENTITY = object(
  { by: among(['email', 'userId']), notes: list(text()) },
  { email: text(), userId: text() },
);

/** The result of one mapping for one event, with reasons. */
export const EXPLAINED = named(
  'ExplainedMapping',
  typed<ExplainedMapping>(
    object(
      { mappingId: text(), name: text(), action: text(), enabled: yes(), trigger: TRIGGER },
      {
        mapping: MAPPING,
        changes: list(CHANGE),
        issues: list(ISSUE),
        payload: anything(),
        identity: IDENTITY,
        outcome: OUTCOME,
      },
    ),
  ),
);

const EXPLANATION = named(
  'Explanation',
  typed<EventExplanation>(object({ mappings: list(EXPLAINED) }, { skipped: OUTCOME })),
);

/** The route for explanations. */
export const EXPLANATION_ROUTES = {
  'POST /api/destinations/:id/explain': route({
    role: 'read',
    does: 'The result of each mapping, or of the draft of one, for an event, and why; sends nothing.',
    body: members({ event: anything('A call of the Segment spec.'), draft: NAME }),
    answer: EXPLANATION,
    errors: [...CHANGED, 'event_invalid'],
  }),
} as const;
