import { createHash } from 'node:crypto';
import type { SourceEvent } from '@waybill/core';
import { withoutOwn } from './compare.ts';
import type { Change } from './job.ts';
import type { AudienceSettings } from './settings.ts';

/** The parts of a run that its events are named by. */
export interface OfRun {
  readonly source: string;
  readonly run: number;
  readonly at: number;
  readonly settings: AudienceSettings;
}

const RECORDS = { added: 'new', changed: 'updated', removed: 'deleted' } as const;

/** Returns the event of a change; the same change of the same run always has the same ID. */
export function eventOf(change: Change, { source, run, at, settings }: OfRun): SourceEvent {
  const { kind, key } = change;
  const row = withoutOwn(change.row);
  const { audience, email = 'email', userId } = settings;
  const digest = createHash('sha256').update(key).digest('base64url');
  const address = row[email];
  const id = userId === undefined || userId === '' ? key : row[userId];
  const isMember = kind !== 'removed';
  const base = {
    messageId: `${source}-${run}-${digest}`,
    timestamp: new Date(at).toISOString(),
    // A row without a user is reported under its key.
    ...(isText(id) ? { userId: String(id) } : { anonymousId: key }),
    context: {
      ...(isText(address) ? { traits: { email: String(address) } } : {}),
      personas: {
        computation_class: 'audience',
        computation_id: source,
        computation_key: audience,
        namespace: 'waybill',
        ...(settings.audienceSettings === undefined ? {} : { audience_settings: settings.audienceSettings }),
      },
    },
  };
  const properties = { ...row, audience_key: audience, [audience]: isMember };
  if (settings.events === 'records')
    return { ...base, type: 'track', event: RECORDS[kind], properties: { ...row } };
  if (settings.events === 'identify' || kind === 'changed')
    return { ...base, type: 'identify', traits: { ...row, [audience]: isMember } };
  const event = isMember ? 'Audience Entered' : 'Audience Exited';
  return { ...base, type: 'track', event, properties };
}

function isText(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
