import type {
  Destination,
  Preset,
  Source as SourceCode,
  Workspace,
  WorkspaceDefinitions,
} from '@waybill/core';
import type { ActionData, DefinitionData } from '../data/definition.ts';
import type { Place } from '../text/place.ts';
import type { Severity } from './problem.ts';
import type { JsonFault, Source } from '../text/source.ts';

/** A finding of a rule: a place and a reason. */
export interface Found {
  readonly place: Place;
  readonly message: string;
  /** What to do about it, where that depends on the cause; by default the remedy of the rule. */
  readonly remedy?: string;
  /** Whether the name of the member is wrong, not its value. */
  readonly key?: boolean;
  /** The index of the character in the string at the place. */
  readonly offset?: number;
  /** Its source, when that is not the source of the subject. */
  readonly source?: Source;
  /** The index of the character in the whole source: for invalid JSON. */
  readonly at?: number;
}

/** A file as read, before its kind is known. */
export interface FileSubject {
  readonly source: Source;
  readonly faults: readonly JsonFault[];
  /** The kind that was detected. */
  readonly kind: Kind | undefined;
  readonly value: unknown;
  /** Why a module could not be read. */
  readonly failure?: readonly Found[];
}

/** The kinds of JSON files. */
export type Kind = 'definition' | 'metadata' | 'preset' | 'workspace' | 'plan';

/** A document with an unchecked shape. */
export interface ShapeSubject {
  readonly source: Source;
  readonly kind: Exclude<Kind, 'metadata'>;
  readonly value: unknown;
}

/** A definition with a valid shape. */
export interface DefinitionSubject {
  readonly source: Source;
  readonly definition: DefinitionData;
  /** The definition with its code, if any. */
  readonly code: Destination | undefined;
  /** Files with presets of this definition. */
  readonly presetFiles: readonly PresetSubject[];
}

/** A source with its code. */
export interface SourceSubject {
  readonly source: Source;
  readonly code: SourceCode;
}

/** A preset with a valid shape, in a definition or in its own file. */
export interface PresetSubject {
  readonly source: Source;
  readonly base: Place;
  readonly preset: Preset;
  /** Its destination; undefined when unknown. */
  readonly definition: DefinitionData | undefined;
  readonly destination: string | undefined;
}

/** A workspace with a valid shape. */
export interface WorkspaceSubject extends WorkspaceDefinitions {
  readonly source: Source;
  readonly workspace: Workspace;
}

/** A trigger and a mapping in any document. */
export interface MappingSubject {
  readonly source: Source;
  readonly of: 'action' | 'preset' | 'workspace' | 'page';
  readonly trigger?: {
    readonly text: string;
    readonly dialect: 'waybill' | 'segment';
    readonly place: Place;
  };
  readonly mapping?: {
    readonly value: Readonly<Record<string, unknown>>;
    readonly place: Place;
    /** The mapping merged with its preset. */
    readonly whole: Readonly<Record<string, unknown>>;
    /** Whether it is added to every new instance automatically, so that nobody fills in missing values. */
    readonly automatic: boolean;
  };
  readonly action?: ActionData;
}

/** An example in a page that is marked as runnable. */
export interface ExampleSubject {
  readonly source: Source;
  readonly language: 'mapping' | 'trigger';
  readonly text: string;
}

/** The subjects of rules, by kind. */
export interface Subjects {
  readonly file: FileSubject;
  readonly shape: ShapeSubject;
  readonly definition: DefinitionSubject;
  readonly source: SourceSubject;
  readonly preset: PresetSubject;
  readonly workspace: WorkspaceSubject;
  readonly mapping: MappingSubject;
  readonly example: ExampleSubject;
}

/** The findings of a rule, synchronous or not. */
export type Finding = Iterable<Found> | Promise<Iterable<Found>>;

/** A check with a code that never changes its meaning. */
export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether it only runs on request: it reports what runs here but not on Segment. */
  readonly portable?: boolean;
  /** Whether it is about actions: such rules skip sources, which only have settings. */
  readonly ofActions?: true;
  readonly checks: { readonly [K in keyof Subjects]?: (subject: Subjects[K]) => Finding };
}
