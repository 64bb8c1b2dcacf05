import type { Destination, Source as SourceCode } from '@waybill/core';
import { jsonSource, type Source } from '../text/source.ts';
import type { Block } from './pages.ts';
import type { FileSubject, Kind } from './rule.ts';

/** A document that was read, and its kind. */
export interface Document {
  readonly file: FileSubject;
  readonly kind: Kind | undefined;
  readonly value: unknown;
  /** Its folder: for presets the slug of their destination. */
  readonly folder: string | undefined;
}

/** Everything to check, as read. */
export interface Collection {
  readonly documents: Document[];
  readonly modules: {
    readonly source: Source;
    readonly file: FileSubject;
    readonly destinations: readonly Destination[];
    readonly sources?: readonly SourceCode[];
  }[];
  readonly examples: Extract<Block, { kind: 'example' }>['subject'][];
  /** Pages that were read. */
  pages: number;
}

/** Returns an empty collection. */
export function emptyCollection(): Collection {
  return { documents: [], modules: [], examples: [], pages: 0 };
}

/** Parses one JSON document. */
export function documentOf(name: string, text: string, as: Kind | undefined, above = 0): Document {
  const { source, value, faults } = jsonSource(name, text, above);
  const kind = as ?? kindOf(value);
  return {
    file: { source, faults, kind, value },
    kind,
    value,
    folder: (/([^/\\]*)[/\\][^/\\]*$/.exec(name)?.[1] ?? '.') || undefined,
  };
}

/** Determines the kind of a JSON document by its members. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const schema = /schemas\/(definition|preset|workspace|tracking-plan)\.json$/.exec(
    String((value as { $schema?: unknown }).$schema),
  );
  if (schema !== null) return schema[1] === 'tracking-plan' ? 'plan' : (schema[1] as Kind);
  const has = (member: string): boolean => Object.hasOwn(value, member);
  if (has('$schema') && /json-schema\.org/.test(String((value as { $schema?: unknown }).$schema)))
    return undefined;
  if (has('actions')) return has('authentication') || has('mode') ? 'metadata' : 'definition';
  if (has('sources') && has('destinations')) return 'workspace';
  if (has('action') && (has('mapping') || has('trigger') || has('eventSlug'))) return 'preset';
  if (has('slug') && (has('mapping') || has('trigger') || has('eventSlug'))) return 'preset';
  return undefined;
}
