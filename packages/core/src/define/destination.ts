import type { PersonNames } from '../event/person.ts';
import type { ProjectType } from '../identity/resolve.ts';
import type { Issue, Result } from '../result/issue.ts';
import type { Outcome, Rejected, Retry } from '../result/outcome.ts';
import type { Action, SendContext } from './action.ts';
import type { AudienceMode, Audiences } from './audience.ts';
import { DefinitionError, findBySlug, slugIssues } from './definition.ts';
import type { Fields, Payload } from './fields.ts';
import type { HttpResponse } from './http.ts';
import type { InstanceState } from './instance.ts';
import { type OAuthDeclaration, oauthIssues } from './oauth.ts';
import type { OrdersBack } from './orders-back.ts';
import type { Preset } from './preset.ts';
import type { RateLimit, RateReading } from './rate-limit.ts';

/** A destination as its author writes it. */
export interface DestinationDefinition<S extends Fields = Fields> {
  /** Stable name: `iterable`. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Settings by name; one of type `password` is a secret. */
  readonly settings: S;
  readonly actions: Readonly<Record<string, Action>>;
  readonly presets?: readonly Preset[];
  /** The maximum number of mappings of an instance, unless its configuration says otherwise. */
  readonly maxMappings?: number;
  /** How the project identifies users; absent: identifiers are not checked. */
  readonly projectType?: (settings: Payload<S>) => ProjectType;
  /**
   * Opens an instance over its stored state; actions receive the returned value as `instance`. Called at the start and
   * whenever the settings change.
   */
  readonly open?: (settings: Payload<S>, state: InstanceState) => unknown;
  /** The published limits of its endpoints. Other limits are learned when a call is refused with 429. */
  readonly rateLimits?: (settings: Payload<S>) => readonly RateLimit[];
  /** What the body of a 429 says about the limit; Retry-After is read without it. */
  readonly readRateLimit?: (response: HttpResponse) => RateReading | undefined;
  /** How a person connects an account; the settings then have those of `oauthClientSettings`. */
  readonly oauth?: OAuthDeclaration;
  /** Secrets outside of the settings, for example in the environment: they never appear in records or logs. */
  readonly secrets?: () => readonly string[];
  /** Tests the settings with a real call. */
  readonly testConnection?: (context: SendContext<Payload<S>>) => Promise<ConnectionResult>;
  /** Erases a person. May be called again for the same person. */
  readonly deleteUser?: (context: SendContext<Payload<S>>, who: DeletionRequest) => Promise<Outcome>;
  /** How it creates audiences; their events receive the resulting ID. */
  readonly audiences?: Audiences<SendContext<Payload<S>>>;
  /** When it expects the members of audiences; absent if it does not support audiences, or does not say. */
  readonly audienceMode?: AudienceMode;
  /** Reads the consents that were given within a period, because its webhooks can be lost. */
  readonly consents?: (period: ConsentPeriod, context: SendContext<Payload<S>>) => Promise<ConsentsSaid>;
  /** How orders are read back. */
  readonly orders?: OrdersBack<Payload<S>>;
}

/** A period, in ISO 8601. */
export interface ConsentPeriod {
  readonly from: string;
  readonly to: string;
}

/** The consents that were read, or why they are unknown. */
export type ConsentsSaid = { readonly events: readonly unknown[] } | { readonly failure: Rejected | Retry };

/** The person that a deletion names: at least one of the three. */
export interface DeletionRequest extends PersonNames {
  /** 1 for the first attempt; 1 when absent. */
  readonly attempt?: number | undefined;
}

/** Whether the settings work, and why not. */
export type ConnectionResult =
  { readonly ok: true; readonly message?: string } | { readonly ok: false; readonly issue: Issue };

/** A checked, frozen destination. */
export interface Destination {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly actions: Readonly<Record<string, Action>>;
  readonly presets: readonly Preset[];
  readonly maxMappings: number;
  /** Undefined of a process that could not be asked yet. */
  readonly projectType?: (settings: unknown) => ProjectType | undefined;
  readonly open?: (settings: unknown, state: InstanceState) => unknown;
  readonly rateLimits?: (settings: unknown) => readonly RateLimit[];
  /** A promise where the code runs in a process of its own. */
  readonly readRateLimit?: (
    response: HttpResponse,
  ) => RateReading | undefined | Promise<RateReading | undefined>;
  readonly oauth?: OAuthDeclaration;
  readonly secrets?: () => readonly string[];
  readonly testConnection?: (context: SendContext) => Promise<ConnectionResult>;
  readonly deleteUser?: (context: SendContext, who: DeletionRequest) => Promise<Outcome>;
  readonly audiences?: Audiences;
  readonly audienceMode?: AudienceMode;
  readonly consents?: (period: ConsentPeriod, context: SendContext) => Promise<ConsentsSaid>;
  readonly orders?: OrdersBack;
}

/** The maximum number of mappings of an instance when neither its definition nor its configuration sets one. */
export const DEFAULT_MAX_MAPPINGS = 50;

/** Checks a definition and freezes it. Throws DefinitionError with every problem. */
export function defineDestination<const S extends Fields>(definition: DestinationDefinition<S>): Destination {
  const issues = check(definition as unknown as DestinationDefinition);
  if (issues.length > 0) throw new DefinitionError(`Destination "${definition.slug}"`, issues);
  // Settings are validated against `settings` before any function of the definition sees them.
  return Object.freeze({
    ...definition,
    presets: definition.presets ?? [],
    maxMappings: definition.maxMappings ?? DEFAULT_MAX_MAPPINGS,
  }) as unknown as Destination;
}

function check(definition: DestinationDefinition): Issue[] {
  const issues = slugIssues(definition.slug);
  const say = (path: string, message: string): void => {
    issues.push({ code: 'workspace_invalid', path, message });
  };
  const titles = new Set<string>();
  for (const [name, action] of Object.entries(definition.actions)) {
    if (titles.has(action.title))
      say(`actions.${name}.title`, `Another action has the title "${action.title}".`);
    titles.add(action.title);
    if (action.description === '') say(`actions.${name}.description`, 'An action needs a description.');
  }
  if (titles.size === 0) say('actions', 'A destination needs an action.');
  for (const message of oauthIssues(definition.oauth, definition.settings)) say('oauth', message);
  if (definition.oauth !== undefined && definition.open === undefined)
    say('open', 'A destination that is connected by OAuth needs `open`: what it returns gets the tokens.');
  const slugs = new Set<string>();
  for (const [index, preset] of (definition.presets ?? []).entries()) {
    const at = `presets[${index}]`;
    if (slugs.has(preset.slug)) say(`${at}.slug`, `Another preset has the slug "${preset.slug}".`);
    slugs.add(preset.slug);
    const action = definition.actions[preset.action];
    if (action === undefined) {
      say(`${at}.action`, `There is no action "${preset.action}".`);
      continue;
    }
    for (const field of Object.keys(preset.mapping)) {
      if (action.fields[field] === undefined)
        say(`${at}.mapping.${field}`, `"${preset.action}" has no field "${field}".`);
    }
  }
  return issues;
}

/** Whether an export of a module is what `defineDestination` returns. */
export function isDestination(value: unknown): value is Destination {
  if (typeof value !== 'object' || value === null) return false;
  const { slug, actions, settings, presets } = value as Partial<Destination>;
  return (
    typeof slug === 'string' &&
    typeof actions === 'object' &&
    typeof settings === 'object' &&
    Array.isArray(presets)
  );
}

/** Finds a destination by its slug. */
export function findDestination(destinations: readonly Destination[], slug: string): Result<Destination> {
  return findBySlug(destinations, slug, 'destination');
}
