import type {
  Destination,
  Event,
  HttpCall,
  HttpFailure,
  HttpResponse,
  Outcome,
  Request,
} from '@waybill/core';
import { adaptDefinition, type AdaptOptions, type MappedItem, type UpstreamAction } from '@waybill/segment';
import type { UpstreamDefinition } from '@waybill/segment';

/** One scripted answer. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly failure?: HttpFailure['code'];
}

/** Creates a request function that answers from a function and records every call. */
export function scripted(reply: (call: HttpCall, index: number) => Scripted = () => ({})): {
  readonly request: Request;
  readonly calls: HttpCall[];
} {
  const calls: HttpCall[] = [];
  return {
    calls,
    request: (call) => {
      const exchange = calls.push(call) - 1;
      const said = reply(call, exchange);
      if (said.failure !== undefined) {
        const failure: HttpFailure = {
          kind: 'failure',
          ok: false,
          code: said.failure,
          message: 'gone',
          exchange,
        };
        return Promise.resolve(failure);
      }
      const { status = 200, headers = { 'content-type': 'application/json' }, body = {} } = said;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const ok = status >= 200 && status < 300;
      const parsed: unknown = typeof body === 'string' ? undefined : body;
      const answer: HttpResponse = { kind: 'response', ok, status, headers, text, body: parsed, exchange };
      return Promise.resolve(answer);
    },
  };
}

/** A definition with one action. */
export function definitionOf(
  action: Partial<UpstreamAction>,
  rest: Partial<UpstreamDefinition> = {},
): UpstreamDefinition {
  return {
    name: 'Under Test',
    slug: 'under-test',
    ...rest,
    actions: {
      act: {
        title: 'Act',
        description: 'Acts.',
        fields: {
          name: { type: 'string', label: 'Name', description: 'A name.' },
          enable_batching: {
            type: 'boolean',
            label: 'Batch',
            description: 'Whether to batch.',
            default: true,
          },
        },
        perform: (request, { payload }) =>
          request('https://api.example/act', { method: 'post', json: payload }),
        ...action,
      },
    },
  };
}

/** An item for the action of `definitionOf`. */
export function item(name: string, mapping: Readonly<Record<string, unknown>> = {}): MappedItem {
  const event: Event = {
    type: 'track',
    event: 'Thing Done',
    messageId: `m-${name}`,
    userId: `u-${name}`,
    timestamp: '2026-03-01T10:00:00.000Z',
    receivedAt: '2026-03-01T10:00:01.000Z',
  };
  return {
    key: `m-${name} mapping-1`,
    event,
    payload: { name },
    identity: undefined,
    attempt: 1,
    mapping: { enable_batching: true, ...mapping },
  };
}

/** Sends items through the action of a definition. */
export async function send(
  definition: UpstreamDefinition,
  items: readonly MappedItem[],
  request: Request,
  settings: Readonly<Record<string, unknown>> = {},
  options: AdaptOptions = {},
): Promise<readonly Outcome[]> {
  const destination: Destination = adaptDefinition(definition, options);
  return destination.actions['act']!.send(items, { settings, request, now: () => 0 });
}
