import { failed, type FeedPage, type Hint, type ShopFailure, type ShopFeed } from '@waybill/core';
import { hintsOfText } from '../hints.ts';
import { list, text } from '../json.ts';
import type { Context, Settings } from '../settings.ts';
import { askQueue, type Queue, queueOf } from '../sqs.ts';

/** Amazon's maximum number of messages per call. */
const MOST = 10;
/** How long Amazon waits for messages, in seconds: with 0, it only queries some of its servers. */
const WAIT = 1;
/** The visibility timeout of a message, in seconds, in which it must be deleted. */
const HIDDEN = 120;

/** Read messages, and their position. */
const READ = 'queue';

interface Read {
  readonly position: string;
  readonly handles: readonly string[];
}

/**
 * The queue of a subscription at Amazon SQS. A message is deleted by the next reading, when its position and hints are durable:
 * after a crash in between it is repeated, never lost.
 */
export const queue: ShopFeed<Settings> = {
  title: 'Queue',
  description: 'Messages of a subscription, from a queue of Amazon SQS.',
  every: 10,
  isOn: (settings) => queueOf(settings) !== undefined,
  async read(position = '', context) {
    const from = queueOf(context.settings);
    if (from === undefined) {
      const message = 'Set sqsQueueUrl, awsAccessKeyId and awsSecretAccessKey.';
      return { failure: failed('source_rejected', message, { field: 'sqsQueueUrl' }) };
    }
    const last = context.memory.get(READ) as Read | undefined;
    const failure = last?.position === position ? await deleteAll(last.handles, from, context) : undefined;
    return failure ?? receive(from, position, context);
  },
};

/** Deletes messages. One that cannot be deleted is repeated, which is harmless. */
async function deleteAll(
  handles: readonly string[],
  from: Queue,
  context: Context,
): Promise<ShopFailure | undefined> {
  if (handles.length === 0) return undefined;
  const Entries = handles.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }));
  const answer = await askQueue(from, 'DeleteMessageBatch', { Entries }, context);
  return 'failure' in answer ? answer : undefined;
}

async function receive(from: Queue, before: string, context: Context): Promise<FeedPage | ShopFailure> {
  const asked = { MaxNumberOfMessages: MOST, WaitTimeSeconds: WAIT, VisibilityTimeout: HIDDEN };
  const answer = await askQueue(from, 'ReceiveMessage', asked, context);
  if ('failure' in answer) return answer;
  const read = list(answer.body, 'Messages').map((message) => ({
    message,
    hints: hintsOfText(text(message, 'Body') ?? '', context.settings.projectKey),
  }));
  // Unknown messages, and those of another project, are left in the queue, for their reader and the dead-letter queue.
  const ours = read.filter(({ hints }) => hints !== undefined);
  const handles = ours.flatMap(({ message }) => text(message, 'ReceiptHandle') ?? []);
  const position =
    handles.length === 0 ? before : `${text(ours.at(-1)?.message, 'MessageId')} ${context.now()}`;
  context.memory.set(READ, { position, handles } satisfies Read);
  const hints = distinct(ours.flatMap((one) => one.hints ?? []));
  return { hints, position, more: handles.length > 0 };
}

function distinct(hints: readonly Hint[]): readonly Hint[] {
  return [...new Map(hints.map((hint) => [`${hint.stream} ${hint.id}`, hint])).values()];
}
