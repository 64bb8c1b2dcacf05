import type { ResolvedSource, ResolvedWorkspace } from '@waybill/core';
import { createRedactor, type Redactor, secretsIn, secretsOf } from '@waybill/delivery';

/** A shorter string in a log line is more likely an ordinary word or number than a secret. */
const SHORTEST = 8;
/** The maximum number of hidden secrets of the server itself: the newest. */
const MOST_OF_OURS = 200;

/** Redacts the secrets of a server in its log and lists. */
export interface ServerRedactor extends Pick<Redactor, 'text' | 'value'> {
  /** Learns the secrets of a workspace; those of the previous one are still hidden, because calls with them may be running. */
  learn(secrets: readonly string[]): void;
  /** Learns one more secret of the server itself. */
  hide(secret: string): void;
}

/** Creates a redactor of these secrets, and of those of each learned workspace. */
export function createServerRedactor(own: readonly string[] = []): ServerRedactor {
  let before: readonly string[] = [];
  let ours = long(own);
  let current = createRedactor(ours);
  return {
    text: (text) => current.text(text),
    value: (value) => current.value(value),
    learn(secrets) {
      const now = long(secrets);
      current = createRedactor([...ours, ...now, ...before]);
      before = now;
    },
    hide(secret) {
      ours = [...ours, secret].slice(-MOST_OF_OURS);
      current = createRedactor([...ours, ...before]);
    },
  };
}

/** Returns the secrets in the settings of a workspace. */
export function secretsOfWorkspace({ sources, destinations }: ResolvedWorkspace): readonly string[] {
  return [...secretsOfSources(sources), ...destinations.flatMap(secretsOf)];
}

/** Returns the write keys of sources, and the secrets in their settings. */
export function secretsOfSources(sources: readonly ResolvedSource[]): readonly string[] {
  return sources.flatMap(({ writeKey, earlierKeys = [], source, settings }) => [
    ...(writeKey === undefined ? [] : [writeKey]),
    ...earlierKeys.map(({ key }) => key),
    ...(source === undefined ? [] : secretsIn(source.settings, settings)),
  ]);
}

/** Returns the secrets in an address of stores: the password, plain and URL-encoded. */
export function secretsOfAddress(address: string): readonly string[] {
  const url = URL.parse(address);
  const written = [url?.password, url?.searchParams.get('password')].filter((one) => (one ?? '') !== '');
  return written.flatMap((one) => [one!, plain(one!)]);
}

function plain(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function long(secrets: readonly string[]): readonly string[] {
  return secrets.filter((one) => one.length >= SHORTEST);
}
