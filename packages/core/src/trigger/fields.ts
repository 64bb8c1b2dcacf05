/** What a trigger can read of a top-level field of an event. */
export interface FieldEntry {
  readonly name: string;
  /** `object` fields have members; the others are read as a whole. */
  readonly type: 'text' | 'object';
  readonly doc: string;
}

/**
 * The top-level fields of an event that triggers know. The write key is not one: the normaliser removes that secret.
 */
export const FIELDS: readonly FieldEntry[] = [
  { name: 'type', type: 'text', doc: 'The call: `track`, `identify`, `page`, `screen`, `group` or `alias`.' },
  { name: 'event', type: 'text', doc: 'The name of a tracked event.' },
  { name: 'name', type: 'text', doc: 'The name of a page or screen.' },
  { name: 'category', type: 'text', doc: 'The category of a page or screen.' },
  { name: 'userId', type: 'text', doc: 'The ID of the user in your own database.' },
  { name: 'anonymousId', type: 'text', doc: 'The ID of a visitor who is not known yet.' },
  { name: 'previousId', type: 'text', doc: 'The former ID, in an `alias` call.' },
  { name: 'groupId', type: 'text', doc: 'The ID of the group, in a `group` call.' },
  { name: 'messageId', type: 'text', doc: 'The ID of this one event.' },
  { name: 'channel', type: 'text', doc: 'Where the event was recorded: `browser`, `mobile` or `server`.' },
  { name: 'version', type: 'text', doc: 'The version of the tracking API.' },
  { name: 'projectId', type: 'text', doc: 'The ID of the source that received the event.' },
  { name: 'timestamp', type: 'text', doc: 'When it happened, corrected for the clock of the device.' },
  { name: 'originalTimestamp', type: 'text', doc: 'When it happened, by the clock of the device.' },
  { name: 'sentAt', type: 'text', doc: 'When it was sent, by the clock of the device.' },
  { name: 'receivedAt', type: 'text', doc: 'When it arrived here.' },
  { name: 'properties', type: 'object', doc: 'The properties of a track, page or screen call.' },
  { name: 'traits', type: 'object', doc: 'The traits of an identify or group call.' },
  { name: 'context', type: 'object', doc: 'Where and how it was recorded: page, device, library, campaign.' },
  { name: 'integrations', type: 'object', doc: 'Which destinations the event asks for or excludes.' },
  { name: '_metadata', type: 'object', doc: 'Data of the tracking library about its own destinations.' },
];

/** The same fields by name. */
export const FIELD_BY_NAME: ReadonlyMap<string, FieldEntry> = new Map(
  FIELDS.map((field) => [field.name, field]),
);
