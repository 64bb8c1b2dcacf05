import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { JsonObject } from '../read.ts';
import { text } from './json.ts';
import type { Context } from './settings.ts';

/** The maximum age of a request: Amazon retries for an hour at most; clocks may differ by minutes. */
const OLDEST = 3_900_000;
const HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE = /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/;
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** Returns why a request of SNS is refused; undefined when it is signed by Amazon for the topic of the settings. */
export async function snsRefusal(body: JsonObject, context: Context): Promise<string | undefined> {
  const { snsTopicArn } = context.settings;
  if (snsTopicArn === undefined || text(body, 'TopicArn') !== snsTopicArn)
    return 'The message is from a topic other than snsTopicArn.';
  const names = SIGNED[text(body, 'Type') ?? ''];
  if (names === undefined) return 'The message has no type that is signed.';
  const age = Math.abs(context.now() - Date.parse(text(body, 'Timestamp') ?? ''));
  if (!(age <= OLDEST)) return 'The message is too old, or dated in the future.';
  const algorithm = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' }[text(body, 'SignatureVersion') ?? ''];
  if (algorithm === undefined) return 'The message has no signature of a known version.';
  const key = await keyOf(text(body, 'SigningCertURL') ?? '', context);
  if (key === undefined) return 'The certificate of the signature is not from Amazon, or cannot be read.';
  const signed = names
    .filter((name) => typeof body[name] === 'string')
    .map((name) => `${name}\n${String(body[name])}\n`)
    .join('');
  const signature = Buffer.from(text(body, 'Signature') ?? '', 'base64');
  return verify(algorithm, Buffer.from(signed), key, signature)
    ? undefined
    : 'The signature was not created by Amazon for this message.';
}

/** Whether a URL belongs to SNS. */
export function isSnsAddress(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'https:' && HOST.test(new URL(address).host);
}

async function keyOf(address: string, { memory, request }: Context): Promise<KeyObject | undefined> {
  if (!isSnsAddress(address) || !CERTIFICATE.test(new URL(address).pathname)) return undefined;
  const name = `certificate ${address}`;
  const kept = memory.get(name) as KeyObject | undefined;
  if (kept !== undefined) return kept;
  const answer = await request({ url: address });
  if (answer.kind === 'failure' || !answer.ok) return undefined;
  try {
    const key = createPublicKey(
      new X509Certificate(answer.text).publicKey.export({ type: 'spki', format: 'pem' }),
    );
    // Certificates change once a year: the previous one is not needed for long.
    for (const old of [...memory.keys()].filter((one) => one.startsWith('certificate ')).slice(0, -1))
      memory.delete(old);
    memory.set(name, key);
    return key;
  } catch {
    return undefined;
  }
}
