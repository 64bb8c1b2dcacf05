import {
  codeOfStatus,
  type DynamicAnswer,
  type DynamicChoice,
  type DynamicField,
  type DynamicQuestion,
  type ErrorCode,
  type SendContext,
} from '@waybill/core';
import { outcomeOfError } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, Perform, UpstreamDefinition, UpstreamDynamic } from '../upstream/types.ts';
import { accountOf } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';
import { contextsOf } from './memory.ts';
import { askRenewing, type OnTokens } from './renew.ts';

/** The inputs of code around an action. */
export interface Around {
  readonly definition: UpstreamDefinition;
  readonly onTokens: OnTokens | undefined;
}

/** The result of code around an action: its return value, or why there is none. */
export type Answered =
  { readonly value: unknown } | { readonly error: { readonly code: ErrorCode; readonly message: string } };

type Attempted = Answered & { readonly outcome?: ReturnType<typeof outcomeOfError> };

/** Returns the dynamic fields, by path. */
export function adaptDynamic(
  fields: Readonly<Record<string, UpstreamDynamic>>,
  around: Around,
  path = '',
): Readonly<Record<string, DynamicField<SendContext>>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, one]) =>
      typeof one === 'function'
        ? [[`${path}${name}`, choicesThrough(one, around)]]
        : Object.entries(adaptDynamic(one, around, `${path}${name}.`)),
    ),
  );
}

/** Reads the choices from a function of a definition. */
export function choicesThrough(read: Perform, around: Around): DynamicField<SendContext> {
  return async (context, question) => {
    const { payload, inputs, page, query } = question;
    const answered = await runAround(context, around, read, {
      payload,
      ...(inputs === undefined ? {} : { hookInputs: inputs }),
      ...(page === undefined ? {} : { page }),
      dynamicFieldContext: contextOf(question),
    });
    return 'error' in answered ? failedWith(answered.error) : answerOf(answered.value, query);
  };
}

function contextOf({ index, key, query }: DynamicQuestion): Readonly<Record<string, unknown>> | undefined {
  const told = {
    ...(index === undefined ? {} : { selectedArrayIndex: index }),
    ...(key === undefined ? {} : { selectedKey: key }),
    ...(query === undefined ? {} : { query }),
  };
  return Object.keys(told).length === 0 ? undefined : told;
}

/** Runs code of a definition around its actions; repeats it after a renewal of the token. Never throws. */
export async function runAround(
  context: SendContext,
  { definition, onTokens }: Around,
  run: Perform,
  data: Readonly<Record<string, unknown>>,
): Promise<Answered> {
  const account = accountOf(context);
  const attempt = async (): Promise<Attempted> => {
    const session = newSession(context.request);
    try {
      const value = await withSession(session, () => {
        const bag = {
          ...accountBag(account),
          ...contextsOf(account.memory, '', context.now),
          ...structuredClone(data),
        } as unknown as DataBag;
        return run(clientOf(definition, bag), bag);
      });
      return { value };
    } catch (error) {
      const outcome = outcomeOfError(error, session, context.now());
      const code = outcome.status === 'delivered' ? 'destination_bug' : outcome.code;
      const message = outcome.status === 'delivered' ? '' : outcome.message;
      return { outcome, error: { code, message } };
    }
  };
  return askRenewing({ definition, account, context, onTokens }, attempt, {
    outcomeOf: ({ outcome }) => outcome,
    failed: ({ code, message }) => ({ error: { code, message } }),
  });
}

/** Filters the answer of a definition by the search, because most definitions ignore it. */
function answerOf(value: unknown, query: string | undefined): DynamicAnswer {
  const { choices, nextPage, error } = membersOf(value);
  if (typeof error === 'object' && error !== null) return failedWith(errorOf(error));
  if (!Array.isArray(choices))
    return failedWith({ code: 'action_value_invalid', message: 'The definition returned no choices.' });
  const read = (choices as readonly unknown[]).flatMap(choiceOf);
  const wanted = query?.toLowerCase() ?? '';
  const found = read.filter(({ label, value: one }) => `${label} ${one}`.toLowerCase().includes(wanted));
  const isMore = nextPage !== undefined && nextPage !== null && nextPage !== '';
  return { choices: found, ...(isMore ? { nextPage: String(nextPage as string | number) } : {}) };
}

function choiceOf(one: unknown): readonly DynamicChoice[] {
  const { label, value, description } = membersOf(one);
  if (value === undefined || value === null) return [];
  const own = typeof value === 'number' && Number.isFinite(value) ? value : textOf(value);
  return [
    {
      label: label === undefined || label === null ? String(own) : textOf(label),
      value: own,
      ...(typeof description === 'string' ? { description } : {}),
    },
  ];
}

/** Converts an error of a definition; its codes are statuses, or its own words. */
export function errorOf(error: unknown): { readonly code: ErrorCode; readonly message: string } {
  const { code, message } = membersOf(error);
  const status = Number(code);
  return {
    code: status >= 400 && status < 600 ? codeOfStatus(status) : 'destination_rejected',
    message: typeof message === 'string' && message !== '' ? message : 'The destination gave no reason.',
  };
}

function failedWith(error: { readonly code: ErrorCode; readonly message: string }): DynamicAnswer {
  return { error: { ...error, path: '' } };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
