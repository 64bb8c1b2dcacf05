import type { ResolvedSource, ResolvedWorkspace } from '@waybill/core';
import { createRedactor, type Redactor, secretsIn, secretsOf } from '@waybill/delivery';

/** A shorter text in a log line is more likely an ordinary word or number than a secret. */
const SHORTEST = 8;
/** Secrets of the server itself that are hidden: those made last. */
const MOST_OF_OURS = 200;

/** What keeps the secrets of a server out of its log and its lists. */
export interface ServerRedactor extends Pick<Redactor, 'text' | 'value'> {
  /** Learns the secrets of a workspace; those of the one before are still hidden, as calls with them may be under way. */
  learn(secrets: readonly string[]): void;
  /** Learns one more secret of the server itself. */
  hide(secret: string): void;
}

/** A redactor of these secrets, and of those of each workspace that is passed to it. */
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

/** The secrets in the settings of a workspace. */
export function secretsOfWorkspace({ sources, destinations }: ResolvedWorkspace): readonly string[] {
  return [...secretsOfSources(sources), ...destinations.flatMap(secretsOf)];
}

/** The write keys of sources, and the secrets in their settings. */
export function secretsOfSources(sources: readonly ResolvedSource[]): readonly string[] {
  return sources.flatMap(({ writeKey, earlierKeys = [], source, settings }) => [
    ...(writeKey === undefined ? [] : [writeKey]),
    ...earlierKeys.map(({ key }) => key),
    ...(source === undefined ? [] : secretsIn(source.settings, settings)),
  ]);
}

/** The secrets in an address of stores: a password, as it is and as addresses write it. */
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
