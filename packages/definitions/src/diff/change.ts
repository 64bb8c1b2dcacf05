/** The severity of a change for users of the definition: breaking, to be checked, or harmless. */
export type Level = 'breaking' | 'risky' | 'safe';

interface Kind {
  readonly level: Level;
  /** Why it has this level, in one sentence. */
  readonly summary: string;
}

const breaking = (summary: string): Kind => ({ level: 'breaking', summary });
const risky = (summary: string): Kind => ({ level: 'risky', summary });
const safe = (summary: string): Kind => ({ level: 'safe', summary });

/** The kinds of change that only sources have. */
export const SOURCE_CHANGES = {
  source_removed: breaking('Instances of the source cannot be loaded.'),
  source_added: safe('Nobody uses it yet.'),
  source_name_changed: safe('Names are for people.'),
  source_kind_changed: breaking('What is stored of its instances is not used any more: they start over.'),
  stream_removed: breaking('Its data is no longer read, and its position is lost.'),
  stream_added: risky('Instances read it from the start on: they bring more events.'),
  poll_changed: risky('Data arrives sooner or later, and the service receives more or fewer calls.'),
  past_removed: breaking('Back-fills of the stream are refused.'),
  past_added: safe('It can be back-filled.'),
  webhook_removed: breaking('Requests to the webhook are refused.'),
  webhook_added: safe('It is called once somebody registers it.'),
  consent_removed: risky('Consent that is given elsewhere no longer reaches the shop.'),
  consent_added: risky('Instances with a destination for consent write it to the shop.'),
} as const satisfies Record<string, Kind>;

/** The kinds of change. A code never changes its meaning; `docs/diff.md` lists them. */
export const CHANGES = {
  destination_removed: breaking('Instances of the destination cannot be loaded.'),
  destination_added: safe('Nobody uses it yet.'),
  destination_name_changed: safe('Names are for people.'),
  action_removed: breaking('Mappings of the action cannot be loaded.'),
  action_renamed: breaking('Mappings name actions by their key.'),
  action_added: safe('Nobody uses it yet.'),
  field_removed: breaking('Mappings that fill the field are refused.'),
  field_renamed: breaking('Mappings name fields by their key.'),
  field_added: safe('It is optional.'),
  required_field_added: breaking('Mappings do not fill it, so every payload is refused.'),
  required_field_added_with_default: risky(
    'New mappings fill it; stored ones do not, because a default is never applied at delivery.',
  ),
  field_required: breaking('Payloads without a value are refused from now on, and there is no default.'),
  field_required_with_default: risky(
    'New mappings fill it; payloads of stored ones that leave it out are refused.',
  ),
  field_required_sometimes: risky('Payloads that meet the conditions and have no value are refused.'),
  field_optional: safe('Fewer values are required.'),
  type_changed: breaking('Values of the old type are refused or converted into something else.'),
  type_narrowed: breaking('Some values of the old type are refused.'),
  type_widened: safe('Values of the old type are values of the new one.'),
  multiple_changed: breaking('One value and a list of values are not the same to a destination.'),
  choice_removed: breaking('Payloads with this value are refused.'),
  choices_restricted: breaking('Any value was allowed, now only the listed ones are.'),
  choice_added: safe('More values are allowed.'),
  choices_lifted: safe('Any value is allowed.'),
  choice_label_changed: safe('Labels are for people.'),
  bounds_tightened: breaking('Some values that were allowed are refused.'),
  bounds_loosened: safe('More values are allowed.'),
  format_added: breaking('Values that do not have the format are refused.'),
  format_changed: breaking('Values of the old format are refused.'),
  format_removed: safe('More values are allowed.'),
  null_refused: breaking('Null was allowed: it removed a value.'),
  null_accepted: safe('More values are allowed.'),
  members_closed: breaking('Members that are not listed were sent and are now dropped.'),
  members_opened: risky('Members that are not listed were dropped and are now sent.'),
  default_changed: risky('New mappings start differently; stored ones do not change.'),
  condition_changed: safe('Only editors use it.'),
  label_changed: safe('Labels are for people.'),
  description_changed: safe('Descriptions are for people.'),
  display_changed: safe('Only editors use it.'),
  setting_removed: breaking('Instances that give the setting cannot be loaded.'),
  setting_renamed: breaking('Instances name settings by their key.'),
  setting_added: safe('It is optional.'),
  required_setting_added: breaking('Instances do not give it, so they cannot be loaded.'),
  setting_required: breaking('Instances that leave it out cannot be loaded.'),
  secret_changed: risky('The type determines what is encrypted and hidden.'),
  default_trigger_changed: risky('Mappings without a trigger of their own match other events.'),
  default_trigger_removed: breaking('Mappings without a trigger of their own cannot be loaded.'),
  default_trigger_added: safe('Only mappings without a trigger use it, and there could be none.'),
  batching_removed: risky('Every item becomes a separate call.'),
  batching_added: risky('Items share calls: the destination must return a result for each.'),
  batch_lowered: risky('More calls for the same items, up to the rate limit of the destination.'),
  batch_raised: safe('Fewer calls for the same items.'),
  sync_mode_removed: breaking('Mappings that use the mode have none.'),
  sync_mode_added: safe('More modes can be chosen.'),
  hook_removed: breaking('Mappings that use the hook are refused when they are saved.'),
  hook_output_removed: risky('The action no longer gets it, and no mapping can use it.'),
  hook_added: safe('It is available.'),
  deletion_removed: risky('People are no longer deleted there on request.'),
  deletion_added: safe('More is deleted on request.'),
  audiences_removed: breaking('Events of audiences that were not created yet have no ID.'),
  audiences_added: safe('Audiences are created with their first event; events that bring an ID keep it.'),
  audience_mode_changed: risky('Members of audiences are expected at other times, or all of them.'),
  oauth_removed: breaking('Tokens of connected accounts are no longer used.'),
  oauth_added: risky('Instances need a connected account.'),
  oauth_address_changed: risky(
    'Accounts are connected, or tokens renewed, at another address: it may refuse the tokens of connected accounts.',
  ),
  oauth_scope_added: risky('Accounts lack the scope until they are connected again.'),
  oauth_scope_removed: risky('Accounts that are connected from now on grant less access.'),
  oauth_request_changed: risky('Consent or tokens are requested in another way.'),
  preset_removed: breaking('Mappings that start from the preset cannot be loaded.'),
  preset_added: safe('It can be chosen.'),
  automatic_preset_added: risky(
    'Instances that list no mappings have all automatic presets: they start to send more.',
  ),
  preset_action_changed: breaking('Mappings that start from the preset use another action.'),
  preset_trigger_changed: risky('Mappings that start from the preset match other events.'),
  preset_mapping_changed: risky('Mappings that start from the preset send other values.'),
  preset_type_changed: risky('It is created automatically, or no longer is.'),
  preset_event_changed: risky('It is created for another kind of event.'),
  preset_name_changed: safe('Names are for people.'),
  mapping_limit_lowered: breaking('Instances with more mappings cannot be loaded.'),
  mapping_limit_raised: safe('More mappings are allowed.'),
  ...SOURCE_CHANGES,
} as const satisfies Record<string, Kind>;

/** The code of a kind of change. */
export type ChangeCode = keyof typeof CHANGES;

/** One change, with its place. */
export interface Change {
  readonly code: ChangeCode;
  readonly level: Level;
  /** The slug of the destination; absent for a change of a source. */
  readonly destination?: string;
  /** The slug of the source. */
  readonly source?: string;
  /** JSON path in the definition; in the old one when something was removed. */
  readonly path: string;
  readonly message: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Collects the changes of one destination, or of one source. */
export class Changes {
  readonly list: Change[] = [];
  private readonly of: Pick<Change, 'destination' | 'source'>;
  constructor(of: string | { readonly source: string }) {
    this.of = typeof of === 'string' ? { destination: of } : of;
  }

  /** Adds a change. */
  add(code: ChangeCode, path: string, message: string, before?: unknown, after?: unknown): void {
    this.list.push({
      code,
      level: CHANGES[code].level,
      ...this.of,
      path,
      message,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
}

/** Whether two JSON values are equal, regardless of the order of members. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}

/** Formats a value for a message. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 70 ? `${text.slice(0, 67)}…` : text;
}
