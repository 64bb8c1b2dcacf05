import { createRequire } from 'node:module';
import {
  type ErrorCode,
  failed,
  headerOf,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
} from '@waybill/core';
import type { JsonObject } from '../read.ts';
import { text } from './json.ts';
import type { Context, Settings } from './settings.ts';

/** The used part of the signer of requests to Amazon (Signature Version 4), which has no types. */
interface Signing {
  sign(
    asked: Readonly<Record<'service' | 'region' | 'host' | 'method' | 'path' | 'body', string>> & {
      readonly headers: Readonly<Record<string, string>>;
    },
    keys: Pick<Queue, 'accessKeyId' | 'secretAccessKey'>,
  ): { readonly headers: Readonly<Record<string, string>> };
}
const { sign } = createRequire(import.meta.url)('aws4') as Signing;

/** A queue of Amazon SQS, and the credentials to read it. */
export interface Queue {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Returns the queue of the settings; undefined without a queue or credentials. */
export function queueOf(settings: Settings): Queue | undefined {
  const { sqsQueueUrl: url, awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey } = settings;
  if (url === undefined || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { url, region: regionOf(settings), accessKeyId, secretAccessKey };
}

/** Returns the region of the queue, from its URL if it has one. */
export function regionOf({ sqsQueueUrl = '', awsRegion }: Settings): string {
  const host = URL.canParse(sqsQueueUrl) ? new URL(sqsQueueUrl).hostname : '';
  return awsRegion ?? /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(host)?.[1] ?? 'us-east-1';
}

/** Calls Amazon SQS. */
export async function askQueue(
  { url, region, ...keys }: Queue,
  action: 'ReceiveMessage' | 'DeleteMessageBatch',
  about: JsonObject,
  { request, now }: Pick<Context, 'request' | 'now'>,
): Promise<{ readonly body: unknown } | ShopFailure> {
  const { origin, host } = new URL(url);
  const body = JSON.stringify({ QueueUrl: url, ...about });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${action}`,
    'X-Amz-Date': new Date(now()).toISOString().replace(/[-:]|\.\d+/g, ''),
  };
  const asked = { service: 'sqs', region, host, method: 'POST', path: '/', headers, body };
  const signed = sign(asked, keys).headers;
  // Set automatically for every call.
  const { Host: _host, 'Content-Length': _length, ...sent } = signed;
  const answer = await request({ method: 'POST', url: `${origin}/`, headers: sent, body });
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  return answer.ok ? { body: answer.body } : failureOf(answer, action, now());
}

/** The meaning of error names, and what to do about them. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/Throttl|OverLimit/i, 'source_rate_limited', ''],
  [
    /AccessDenied|KmsAccessDenied/,
    'source_forbidden',
    ' Allow the user sqs:ReceiveMessage and sqs:DeleteMessage on the queue.',
  ],
  [
    /QueueDoesNotExist|NonExistentQueue|InvalidAddress/,
    'source_not_found',
    ' Check sqsQueueUrl, and awsRegion if it is set.',
  ],
  [
    /Signature|UnrecognizedClient|InvalidClientTokenId|InvalidSecurity|MissingAuthentication|InvalidAccessKey/,
    'source_unauthorized',
    ' Check awsAccessKeyId and awsSecretAccessKey, and the clock of the server.',
  ],
];

function failureOf(answer: HttpResponse, action: string, now: number): ShopFailure {
  const { status, body } = answer;
  const name = text(body, '__type')?.replace(/^.*#/, '') ?? '';
  const words = text(body, 'message') ?? text(body, 'Message');
  const [, code, remedy] = MEANINGS.find(([names]) => names.test(name)) ?? [];
  const said = [name, words].filter((one) => one !== undefined && one !== '').join(': ');
  const message = `Amazon SQS answered ${status} to ${action}${said === '' ? '' : ` (${said.slice(0, 300)})`}.${remedy ?? ''}`;
  const afterMs = retryAfter(headerOf(answer, 'retry-after'), now);
  return { failure: failed(code ?? codeOf(status), message, { afterMs }) };
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'source_rate_limited';
  if (status >= 500) return 'source_unavailable';
  if (status === 401 || status === 403) return 'source_unauthorized';
  return 'source_rejected';
}
