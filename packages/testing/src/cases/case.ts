import type { Event, MappingConfig } from '@waybill/core';
import { createTestEvent } from '../event/create.ts';
import type { CannedAnswer } from '../http/canned.ts';

/** A request that a case expects; members that are absent are not compared. */
export interface ExpectedRequest {
  readonly method?: string;
  /** The whole address, or its end beginning with a slash. */
  readonly url?: string;
  /** Headers that must be there; others may be. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An outcome that a case expects; members that are absent are not compared. */
export interface ExpectedOutcome {
  /** Index of the event in the case, from 0. */
  readonly event?: number;
  /** Id of the mapping, where a case has several. */
  readonly mapping?: string;
  readonly status: 'delivered' | 'skipped' | 'rejected' | 'retry';
  readonly code?: string;
  readonly field?: string;
  readonly message?: string;
  readonly note?: string;
  readonly afterMs?: number;
}

/** A case: its inputs, and the expected results. */
export interface Case {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly events: readonly Event[];
  /** The automatic presets of the destination when absent. */
  readonly mappings?: readonly MappingConfig[];
  readonly answers?: readonly CannedAnswer[];
  readonly expect?: {
    readonly requests?: readonly ExpectedRequest[];
    readonly outcomes?: readonly ExpectedOutcome[];
  };
}

/** A case file that cannot be read; the message says where and why. */
export class CaseFileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'CaseFileError';
  }
}

const MEMBERS = {
  case: [
    '$schema',
    'name',
    'why',
    'settings',
    'event',
    'events',
    'preset',
    'mapping',
    'mappings',
    'answers',
    'expect',
  ],
  mapping: ['id', 'name', 'enabled', 'preset', 'action', 'trigger', 'dialect', 'mapping'],
  answer: ['method', 'url', 'times', 'status', 'headers', 'json', 'text', 'failure'],
  expect: ['requests', 'outcomes'],
  request: ['method', 'url', 'headers', 'body'],
  outcome: ['event', 'mapping', 'status', 'code', 'field', 'message', 'note', 'afterMs'],
} as const;

/** Parses a case file: one case, or a list of them. Throws a CaseFileError that names the place. */
export function readCases(text: string, file: string): readonly Case[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new CaseFileError(file, `This is not valid JSON: ${(error as Error).message}`);
  }
  const list = Array.isArray(read) ? (read as readonly unknown[]) : [read];
  return list.map((one, index) => {
    const say = (problem: string): never => {
      throw new CaseFileError(Array.isArray(read) ? `${file}, case ${index + 1}` : file, problem);
    };
    return toCase(one, say);
  });
}

type Say = (problem: string) => never;

function toCase(value: unknown, say: Say): Case {
  const raw = members(value, 'case', 'A case', say);
  const { name, settings, answers, expect } = raw;
  if (typeof name !== 'string' || name === '') return say('A case needs a "name".');
  const events = raw['events'] ?? (raw['event'] === undefined ? undefined : [raw['event']]);
  if (!Array.isArray(events) || events.length === 0)
    return say('A case needs an "event", or a list of "events".');
  const mappings = mappingsOf(raw, say);
  const expected = expect === undefined ? undefined : members(expect, 'expect', '"expect"', say);
  for (const answer of listOf(answers, 'answers', say)) members(answer, 'answer', 'An answer', say);
  for (const request of listOf(expected?.['requests'], 'expect.requests', say))
    members(request, 'request', 'An expected request', say);
  for (const outcome of listOf(expected?.['outcomes'], 'expect.outcomes', say))
    members(outcome, 'outcome', 'An expected outcome', say);
  return {
    name,
    settings: settings === undefined ? {} : plain(settings, '"settings"', say),
    events: events.map((one, index) => toEvent(one, index, say)),
    ...(mappings === undefined ? {} : { mappings }),
    ...(answers === undefined ? {} : { answers: answers as readonly CannedAnswer[] }),
    ...(expected === undefined ? {} : { expect: expected as NonNullable<Case['expect']> }),
  };
}

/** Converts the name of an event of the spec, `{ "spec": name, ...changes }`, or an event with a type. */
function toEvent(value: unknown, index: number, say: Say): Event {
  const numbered = { messageId: `event-${index + 1}` };
  if (typeof value === 'string') return createTestEvent(value, numbered);
  const raw = plain(value, `Event ${index + 1}`, say);
  const { spec, ...changes } = raw;
  if (typeof spec === 'string') return createTestEvent(spec, { ...numbered, ...changes });
  if (typeof raw['type'] !== 'string')
    return say(`Event ${index + 1} needs a "type", or a "spec" with the name of an event.`);
  const { timestamp, receivedAt } = createTestEvent();
  return { timestamp, receivedAt, ...numbered, ...raw } as Event;
}

function mappingsOf(raw: Readonly<Record<string, unknown>>, say: Say): readonly MappingConfig[] | undefined {
  const { preset, mapping, mappings } = raw;
  if ([preset, mapping, mappings].filter((one) => one !== undefined).length > 1)
    return say('A case has a "preset", a "mapping" or "mappings", not several of them.');
  if (preset !== undefined) return [{ id: String(preset), preset: String(preset) }];
  if (mapping === undefined && mappings === undefined) return undefined;
  return (mapping === undefined ? listOf(mappings, 'mappings', say) : [mapping]).map((one, index) => {
    const given = members(one, 'mapping', 'A mapping', say);
    return { id: `mapping-${index + 1}`, ...given } as MappingConfig;
  });
}

function listOf(value: unknown, name: string, say: Say): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : say(`"${name}" must be a list.`);
}

function plain(value: unknown, what: string, say: Say): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return say(`${what} must be an object.`);
  return value as Readonly<Record<string, unknown>>;
}

/** Refuses unknown members: a misspelt one would silently test nothing. */
function members(
  value: unknown,
  kind: keyof typeof MEMBERS,
  what: string,
  say: Say,
): Readonly<Record<string, unknown>> {
  const raw = plain(value, what, say);
  const known: readonly string[] = MEMBERS[kind];
  const unknown = Object.keys(raw).find((key) => !known.includes(key));
  if (unknown !== undefined) say(`${what} has no member "${unknown}". Known: ${known.join(', ')}.`);
  return raw;
}
