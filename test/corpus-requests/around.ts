import { isDeepStrictEqual } from 'node:util';
import {
  compileValidator,
  type Destination,
  type DynamicAnswer,
  findDynamic,
  type HookAnswer,
  type HookName,
  HOOKS,
  type SendContext,
} from '@waybill/core';
import type { UpstreamAction, UpstreamDefinition, UpstreamDynamic, UpstreamFields } from '@waybill/segment';
import { MOODS, type Sent } from './answers.ts';
import { type Asked, FAILED, PLATFORM, withoutAuth } from './asked.ts';
import { audiencesOf } from './audiences.ts';
import { inputsFor, settingsFor } from './cases.ts';
import { requestIn } from './ours.ts';
import type { Around, AroundKind } from './result.ts';
import { connectionsTried, rewind } from './steady.ts';
import { inTime, upstreamOf } from './upstream.ts';

/*
 * The parts of a definition around its actions, through upstream's own runtime and through ours: choices of dynamic fields, hooks,
 * and deletions. The requests and results are compared.
 */

type Members = Readonly<Record<string, unknown>>;

const WHO = { userId: 'user-1', anonymousId: 'anonymous-1' };

/** Compares all of it of one definition, in every mood of the destination. */
export async function compareAround(
  definition: UpstreamDefinition,
  destination: Destination,
  connects: string | undefined,
  around: Record<AroundKind, Around>,
): Promise<void> {
  const own = settingsFor(definition);
  const oauth = (definition.authentication?.scheme ?? '').startsWith('oauth');
  const checked = compileValidator(destination.settings)({
    ...own,
    ...(oauth ? { oauth_access_token: 'token-1' } : {}),
  });
  const settings: object = checked.ok ? checked.payload : own;
  const tokens = oauth ? { oauth: { access_token: 'token-1' } } : {};
  const auth = oauth ? { accessToken: 'token-1' } : undefined;
  for (const asked of askedOf(definition, destination, auth)) {
    const to = around[asked.kind];
    to.asked += 1;
    for (const mood of MOODS) {
      connectionsTried();
      rewind();
      const { request, sent: ourSent } = requestIn(mood);
      const context = { settings: structuredClone(settings), request, now: Date.now };
      const ours = await answered(() => asked.ours(context));
      rewind();
      const runtime = upstreamOf(definition, mood);
      const theirs = await answered(() =>
        // As they are stored, a list where one is wanted: outside of events upstream converts nothing.
        asked.theirs(runtime, { ...withoutAuth(settings), ...tokens }, tokens),
      );
      const connected = connects ?? (connectionsTried() > 0 ? 'a connection of its own' : undefined);
      enter(to, { name: `${asked.name} (${mood})`, ours, theirs, connected }, ourSent, runtime.sent());
    }
  }
}

interface Met {
  readonly name: string;
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly connected: string | undefined;
}

function enter(to: Around, met: Met, ours: readonly Sent[], theirs: readonly Sent[]): void {
  to.runs += 1;
  if (theirs.length > 0) to.speaking += 1;
  const same = isDeepStrictEqual(ours, theirs);
  if (same) to.sameRequests += 1;
  if (same && isDeepStrictEqual(met.ours, met.theirs)) {
    to.sameAnswers += 1;
    return;
  }
  const reason = reasonOf(met);
  if (reason !== undefined) to.listed[reason] = (to.listed[reason] ?? 0) + 1;
  else to.findings.push({ ...met, sent: same ? 'the same' : [ours, theirs] });
}

/** The reason why both sides may differ, if any. */
function reasonOf({ ours, theirs, connected }: Met): string | undefined {
  if (connected !== undefined) return 'the definition opens connections of its own';
  if (ours === LATE || theirs === LATE) return 'a run took too long';
  return undefined;
}

const LATE = 'late';

/** The result of a question; all failures are equal, because messages differ. */
async function answered(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    const value = await inTime(ask().then((one) => ({ one })));
    return value === undefined ? LATE : value.one;
  } catch {
    return FAILED;
  }
}

function askedOf(
  definition: UpstreamDefinition,
  destination: Destination,
  auth: object | undefined,
): readonly Asked[] {
  const { slug = '' } = definition;
  const deletion: Asked = {
    kind: 'deletion',
    name: `${slug} onDelete`,
    theirs: async (runtime, settings) => {
      await runtime.onDelete!({ ...WHO, type: 'delete' }, settings, {});
      return 'delivered';
    },
    ours: async (context) => {
      const { status } = await destination.deleteUser!(context, WHO);
      return status === 'delivered' ? status : FAILED;
    },
  };
  return [
    ...(definition.onDelete === undefined ? [] : [deletion]),
    ...audiencesOf(definition, destination),
    ...Object.entries(definition.actions).flatMap(([name, action]) => [
      ...choicesOf(name, action, definition, destination, auth),
      ...hooksOf(name, action, definition, destination, auth),
    ]),
  ];
}

/** The places of an action that have choices, in upstream's words and in ours. */
function placesOf(
  dynamic: Readonly<Record<string, UpstreamDynamic>>,
  fields: UpstreamFields,
): readonly (readonly [theirs: string, ours: string])[] {
  return Object.entries(dynamic).flatMap(([name, one]): readonly (readonly [string, string])[] => {
    if (typeof one === 'function') return [[name, name]];
    return Object.keys(one).map((member) =>
      member === '__values__'
        ? [`${name}.of`, `${name}.of`]
        : fields[name]?.['multiple'] === true
          ? [`${name}.[2].${member}`, `${name}[2].${member}`]
          : [`${name}.${member}`, `${name}.${member}`],
    );
  });
}

function choicesOf(
  name: string,
  action: UpstreamAction,
  { slug = '' }: UpstreamDefinition,
  destination: Destination,
  auth: object | undefined,
): readonly Asked[] {
  const payload = inputsFor(`${slug}/${name}`, action.fields);
  return placesOf(action.dynamicFields ?? {}, action.fields).flatMap(([theirs, ours]) =>
    [undefined, '2'].map((page): Asked => ({
      kind: 'choices',
      name: `${slug}/${name} ${theirs}${page === undefined ? '' : ', page 2'}`,
      theirs: async (runtime, settings) =>
        shownChoices(
          await runtime.executeDynamicField(name, theirs, {
            ...PLATFORM,
            settings: withoutAuth(settings),
            payload: structuredClone(payload),
            auth,
            ...(page === undefined ? {} : { page }),
          }),
        ),
      ours: async (context) => {
        const found = findDynamic(destination.actions[name]!.dynamicFields!, ours)!;
        const asked = { payload, ...(page === undefined ? {} : { page }), ...found.at };
        return shownOwn(await found.read(context, asked));
      },
    })),
  );
}

function hooksOf(
  name: string,
  action: UpstreamAction,
  { slug = '' }: UpstreamDefinition,
  destination: Destination,
  auth: object | undefined,
): readonly Asked[] {
  return HOOKS.flatMap((hook): readonly Asked[] => {
    const theirs = action.hooks?.[hook];
    if (theirs?.performHook === undefined) return [];
    const inputs = theirs.inputFields ?? {};
    const dynamic = Object.entries(inputs).filter(([, field]) => typeof field['dynamic'] === 'function');
    const fill = (turn: number): Members => inputsFor(`${slug}/${name}/${hook}`, inputs, turn);
    const payload = inputsFor(`${slug}/${name}`, action.fields);
    const data = (settings: object, hookInputs: Members): object => ({
      ...PLATFORM,
      settings: withoutAuth(settings),
      payload: structuredClone(payload),
      auth,
      hookInputs: structuredClone(hookInputs),
    });
    return [
      ...[0, 1, 2].map((turn): Asked => ({
        kind: 'hook',
        name: `${slug}/${name} ${hook}, ${turn}`,
        theirs: async (runtime, settings) =>
          shownHook(await runtime.actions[name]!.executeHook(hook, data(settings, fill(turn)))),
        ours: (context) => runOwn(destination, name, hook, context, { inputs: fill(turn), payload }),
      })),
      ...dynamic.map(([field, { dynamic: read }]): Asked => ({
        kind: 'choices',
        name: `${slug}/${name} ${hook} ${field}`,
        theirs: async (runtime, settings) =>
          shownChoices(await runtime.executeDynamicField(name, field, data(settings, fill(0)), read)),
        ours: async (context) =>
          shownOwn(
            await destination.actions[name]!.hooks![hook]!.dynamicFields![field]!(context, {
              payload,
              inputs: fill(0),
            }),
          ),
      })),
    ];
  });
}

async function runOwn(
  destination: Destination,
  action: string,
  name: HookName,
  context: SendContext,
  { inputs, payload }: { readonly inputs: Members; readonly payload: Members },
): Promise<unknown> {
  const hook = destination.actions[action]!.hooks![name]!;
  const checked = compileValidator(hook.fields)(inputs);
  if (!checked.ok) return FAILED;
  const answer: HookAnswer = await hook.run(context, { inputs: checked.payload, payload });
  if (answer.error !== undefined) return FAILED;
  return plain({ outputs: answer.outputs, message: answer.message });
}

function shownHook(value: unknown): unknown {
  const { error, savedData, successMessage } = (value ?? {}) as Members;
  return error === undefined || error === null
    ? plain({ outputs: savedData ?? {}, message: successMessage })
    : FAILED;
}

/** Their choices: those that have a value. */
function shownChoices(value: unknown): unknown {
  const { choices, nextPage, error } = (value ?? {}) as Members;
  if ((error !== undefined && error !== null) || !Array.isArray(choices)) return FAILED;
  const known = (choices as readonly Members[]).filter(({ value: one }) => one !== undefined && one !== null);
  return plain({
    choices: known.map(({ label, value: one }) => [String(label ?? one), String(one)]),
    next:
      nextPage === undefined || nextPage === null || nextPage === '' ? undefined : String(nextPage as string),
  });
}

function shownOwn(answer: DynamicAnswer): unknown {
  if (answer.error !== undefined) return FAILED;
  const { choices, nextPage } = answer;
  return plain({ choices: choices.map(({ label, value }) => [label, String(value)]), next: nextPage });
}

/** As both sides would write it down. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
