import { parseFql, validate } from '@segment/destination-subscriptions';
import { compilePayload, type Field, type Fields, MODE_KEY } from '@waybill/core';
import type { UpstreamAction, UpstreamDefinition, UpstreamFields } from '@waybill/segment';
import { baseEvent, eventSource, TYPES, type Tree } from '../corpus/events.ts';
import { Random } from '../corpus/random.ts';
import { synthesise } from '../corpus/reads.ts';
import { valueFor } from '../corpus/values.ts';

/** One mapping and the events it is tried with. */
export interface Case {
  readonly name: string;
  readonly action: string;
  readonly trigger: string;
  readonly mapping: Readonly<Record<string, unknown>>;
  /**
   * `preset`: as published. `completed`: with what a person has to fill in. `default`: an action without a preset. `mode`: in one of its sync
   * modes. `hooked`: with what its hooks have made.
   */
  readonly kind: 'preset' | 'completed' | 'default' | 'mode' | 'hooked';
}

const EVERYTHING = TYPES.map((type) => `type = "${type}"`).join(' or ');

/** The cases of a definition: its presets as they are and completed, and the actions that no preset is for. */
export function casesOf(definition: UpstreamDefinition): readonly Case[] {
  const cases: Case[] = [];
  const used = new Set<string>();
  for (const preset of definition.presets ?? []) {
    const action = definition.actions[preset.partnerAction];
    if (action === undefined) continue;
    used.add(preset.partnerAction);
    const base = {
      action: preset.partnerAction,
      trigger: preset.subscribe ?? EVERYTHING,
      mapping: preset.mapping ?? {},
    };
    const name = `${definition.slug}/${preset.partnerAction}/${preset.name}`;
    cases.push({ ...base, name, kind: 'preset' });
    const mapping = complete(base.mapping, action);
    if (mapping !== undefined) cases.push({ ...base, mapping, name: `${name} completed`, kind: 'completed' });
  }
  for (const [name, action] of Object.entries(definition.actions)) {
    if (used.has(name)) continue;
    const defaults = Object.fromEntries(
      Object.entries(action.fields).flatMap(([key, field]) =>
        field.default === undefined ? [] : [[key, field.default]],
      ),
    );
    cases.push({
      name: `${definition.slug}/${name}/defaults`,
      action: name,
      trigger: action.defaultSubscription ?? EVERYTHING,
      mapping: complete(defaults, action) ?? defaults,
      kind: 'default',
    });
  }
  return [...cases, ...cases.flatMap((one) => variantsOf(one, definition.actions[one.action]!))];
}

/** A case in the other modes of its action, and with what the hooks of the action have made. */
function variantsOf(one: Case, { syncMode, hooks = {} }: UpstreamAction): readonly Case[] {
  if (one.kind === 'preset') return [];
  const { choices = [] } = (syncMode ?? {}) as { readonly choices?: readonly { readonly value: string }[] };
  const modes = choices.filter(({ value }) => one.mapping[MODE_KEY] !== value);
  return [
    ...modes.map(({ value }): Case => {
      const mapping = { ...one.mapping, [MODE_KEY]: value };
      return { ...one, name: `${one.name}, ${value}`, mapping, kind: 'mode' };
    }),
    ...Object.entries(hooks).map(([hook, { inputFields = {}, outputTypes = {} }]): Case => {
      const made = {
        inputs: inputsFor(one.name, inputFields),
        outputs: inputsFor(one.name, outputTypes as UpstreamFields),
      };
      return {
        ...one,
        name: `${one.name}, ${hook}`,
        mapping: { ...one.mapping, [hook]: made },
        kind: 'hooked',
      };
    }),
  ];
}

/** Values for fields that take constants; another turn has other values, and leaves some out. */
export function inputsFor(name: string, fields: UpstreamFields, turn = 0): Readonly<Record<string, unknown>> {
  const random = Random.of(turn, name);
  const known = hinted(fields as unknown as Fields);
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, field]) => {
      const isLeftOut = turn > 0 && field.required !== true && random.pick([true, false, false]);
      return isLeftOut ? [] : [[key, valueFor(field, random)]];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The mapping with every field that has no value read from the event, and the first sync mode there is. */
function complete(
  mapping: Readonly<Record<string, unknown>>,
  action: UpstreamAction,
): Readonly<Record<string, unknown>> | undefined {
  const added: Record<string, unknown> = {};
  for (const key of Object.keys(action.fields)) {
    if (['enable_batching', 'batch_size', 'batch_bytes', 'batch_keys'].includes(key)) continue;
    if (isEmpty(mapping[key])) added[key] = { '@path': `$.properties.corpus.${key}` };
  }
  const { syncMode } = action as { readonly syncMode?: { readonly choices: readonly { value: string }[] } };
  if (syncMode !== undefined) added['__segment_internal_sync_mode'] = syncMode.choices[0]?.value;
  return Object.keys(added).length === 0 ? undefined : { ...mapping, ...added };
}

interface Condition {
  readonly type: string;
  readonly operator: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly children?: readonly Condition[];
}

/** Events that a mapping is for: of the type its trigger asks for, with fitting values wherever it looks. */
export function eventsFor(
  one: Case,
  definition: UpstreamDefinition,
  action: UpstreamAction,
  count: number,
): readonly Tree[] {
  const tree = parseFql(one.trigger);
  if ('error' in tree) return [];
  const fields = action.fields as unknown as Fields;
  const source = eventSource(one.mapping, hinted(fields));
  const accepts = compilePayload({ fields, mapping: one.mapping });
  const events: Tree[] = [];
  for (let number = 0; events.length < count && number < MOST_TRIES; number += 1) {
    const random = Random.of(number, one.name);
    const type = TYPES[number % TYPES.length]!;
    const event = synthesise(source, baseEvent(type), random, densityOf(number, events.length, random));
    event['type'] = type;
    for (const condition of pathsTo(tree as Condition, random)) aim(event, condition);
    if (definition.audienceFields !== undefined) putIntoAudience(event, definition.audienceFields, random);
    if (!validate(tree, event)) continue;
    // One that the action takes comes first, where there is one.
    if (events.length === 0 && number < MOST_TRIES / 2 && !accepts(event).ok) continue;
    event['messageId'] = `m-${events.length}`;
    event['userId'] = `123e4567-e89b-42d3-a456-42661417400${events.length}`;
    event['receivedAt'] = '2026-03-01T09:59:59.000Z';
    shareAudience(events[0], event);
    if (typeof event['timestamp'] !== 'string') event['timestamp'] = '2026-03-01T09:59:58.000Z';
    if (validate(tree, event)) events.push(event);
  }
  return events;
}

/** How much of what the mapping reads is there: all at first, then less where all of it is refused. */
function densityOf(number: number, made: number, random: Random): number {
  if (made > 0) return 0.9;
  return number < 2 * TYPES.length ? 1 : random.pick([0.9, 0.7, 0.5]);
}

/** Events that are made before a case is left with those it has. */
const MOST_TRIES = 120;

/** Values that definitions check themselves, by the name of the field. */
const HINTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/currency/i, ['USD', 'EUR']],
  [/phone|^to$|mobile/i, ['+14155552671', '+41446681800']],
  [/e?mail/i, ['ada@example.com', 'grace.hopper@navy.example']],
  [/time_?zone/i, ['Europe/Amsterdam']],
  [/url|link/i, ['https://shop.example/tea?x=1']],
  [/timestamp|_at$|At$|^time$|occurred/i, ['2026-03-01T09:30:00.000Z']],
  [/locale|language/i, ['en-US']],
  [/country/i, ['US']],
];

/** Fields that only take values which make sense by their name. */
function hinted(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, Field] => {
      if (field.properties !== undefined) return [name, { ...field, properties: hinted(field.properties) }];
      const plain = ['string', 'text', 'datetime'].includes(field.type) && field.choices === undefined;
      const hint = plain ? HINTS.find(([pattern]) => pattern.test(name)) : undefined;
      return [name, hint === undefined ? field : { ...field, choices: hint[1] }];
    }),
  );
}

/** Makes an event one that an audience of the hosted product emits. */
function putIntoAudience(event: Tree, fields: UpstreamFields, random: Random): void {
  const settings = Object.entries(fields).map(([name, field]) => [
    name,
    settingFor(name, field as unknown as Field, random),
  ]);
  const context = (event['context'] ??= {}) as Tree;
  const before = context['personas'];
  context['personas'] = {
    ...(typeof before === 'object' ? before : {}),
    computation_class: 'audience',
    computation_key: 'lovers_of_tea',
    computation_id: 'aud_1',
    external_audience_id: '1234',
    audience_settings: Object.fromEntries(settings) as unknown,
  };
  for (const holder of ['properties', 'traits']) {
    const members = event[holder];
    if (typeof members === 'object' && members !== null) {
      Object.assign(members, { lovers_of_tea: true, audience_key: 'lovers_of_tea' });
    }
  }
}

/** Upstream passes a definition the events of one audience at a time; the data of the first applies to all. */
function shareAudience(first: Tree | undefined, event: Tree): void {
  const personas = (first?.['context'] as Tree | undefined)?.['personas'];
  if (first === undefined || typeof event['context'] !== 'object' || event['context'] === null) return;
  const context = event['context'] as Tree;
  if (personas === undefined) delete context['personas'];
  else context['personas'] = personas;
}

/** The conditions that are to be true. */
function pathsTo(condition: Condition, random: Random): readonly Condition[] {
  if (condition.children === undefined) return [condition];
  if (condition.operator === 'or') return pathsTo(random.pick(condition.children), random);
  return condition.children.flatMap((child) => pathsTo(child, random));
}

const HOLDERS: Readonly<Record<string, string>> = {
  'event-property': 'properties',
  'event-trait': 'traits',
  'event-context': 'context',
};

function aim(event: Tree, { type, operator, name, value }: Condition): void {
  const text = String(value ?? 'given');
  const wanted: unknown =
    operator === 'contains' || operator === '=' || operator.endsWith('_with') || operator === 'number_equals'
      ? (value ?? text)
      : operator === 'is_true'
        ? true
        : operator === 'is_false'
          ? false
          : operator === 'exists'
            ? text
            : undefined;
  if (wanted === undefined) return;
  const holder = HOLDERS[type];
  if (holder === undefined) {
    event[type === 'event-type' ? 'type' : type] = wanted;
    return;
  }
  const members = (event[holder] ??= {}) as Tree;
  const keys = (name ?? '').split('.');
  let at = members;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Tree;
  const last = keys.at(-1)!;
  if (operator !== 'exists' || at[last] === undefined || at[last] === null) at[last] = wanted;
}

/** Settings whose format a definition checks itself. */
const SETTINGS: Readonly<Record<string, string>> = {
  brokers: 'broker.example:9092',
  advertiser_id: '1234',
  account_id: '1234',
  clientId: '1234',
  s3_aws_region: 'us-east-1',
  iam_role_arn: 'arn:aws:iam::123456789012:role/x',
  extraSettings: '{}',
  api_key: 'pau-value-of-api_key',
};

/** Settings that a definition may be tried with. */
export function settingsFor(definition: UpstreamDefinition): Record<string, unknown> {
  const fields: UpstreamFields = definition.authentication?.fields ?? {};
  const settings: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (name === 'dynamicAuthSettings') continue;
    const random = Random.of(1, `${definition.slug}.${name}`);
    settings[name] = settingFor(name, field as never, random);
  }
  return settings;
}

function settingFor(name: string, field: Fields[string], random: Random): unknown {
  if (field.choices !== undefined || !['string', 'password', 'text'].includes(field.type)) {
    const offered = field.choices?.map((choice) => (typeof choice === 'string' ? choice : choice.value));
    const { default: preset } = field;
    const fits = preset !== undefined && (offered === undefined || offered.includes(String(preset)));
    return fits ? preset : valueFor(field, random);
  }
  if (typeof field.default === 'string' && field.default !== '') return field.default;
  if (field.format === 'uri' || /url|endpoint|uri/i.test(name)) return 'https://api.example.com/v1';
  const own = SETTINGS[name];
  if (own !== undefined) return own;
  if (/domain|host/i.test(name)) return 'host.example.com';
  return `value-of-${name}`;
}
