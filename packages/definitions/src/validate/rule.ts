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

/** A place that a rule objects to, and why. */
export interface Found {
  readonly place: Place;
  readonly message: string;
  /** What to do about it, where that depends on the cause; the remedy of the rule when absent. */
  readonly remedy?: string;
  /** The name of the member is at fault, not its value. */
  readonly key?: boolean;
  /** The guilty character within the text at the place. */
  readonly offset?: number;
  /** Where it was found, when that is not the source of the subject. */
  readonly source?: Source;
  /** The guilty character of the whole source: for what is no JSON. */
  readonly at?: number;
}

/** A file as it was read, before anybody knows what is in it. */
export interface FileSubject {
  readonly source: Source;
  readonly faults: readonly JsonFault[];
  /** What it was taken for. */
  readonly kind: Kind | undefined;
  readonly value: unknown;
  /** Why a module could not be read. */
  readonly failure?: readonly Found[];
}

/** What a JSON file can be. */
export type Kind = 'definition' | 'metadata' | 'preset' | 'workspace' | 'plan';

/** A document whose shape is still to be checked. */
export interface ShapeSubject {
  readonly source: Source;
  readonly kind: Exclude<Kind, 'metadata'>;
  readonly value: unknown;
}

/** A definition that has the right shape. */
export interface DefinitionSubject {
  readonly source: Source;
  readonly definition: DefinitionData;
  /** The definition with its code, when there is any. */
  readonly code: Destination | undefined;
  /** Files that hold presets of this definition. */
  readonly presetFiles: readonly PresetSubject[];
}

/** A source with its code. */
export interface SourceSubject {
  readonly source: Source;
  readonly code: SourceCode;
}

/** A preset that has the right shape, in a definition or a file of its own. */
export interface PresetSubject {
  readonly source: Source;
  readonly base: Place;
  readonly preset: Preset;
  /** The destination it is for; undefined when nobody knows it. */
  readonly definition: DefinitionData | undefined;
  readonly destination: string | undefined;
}

/** A workspace that has the right shape. */
export interface WorkspaceSubject extends WorkspaceDefinitions {
  readonly source: Source;
  readonly workspace: Workspace;
}

/** A trigger and a mapping, wherever they stand. */
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
    /** With what a preset adds. */
    readonly whole: Readonly<Record<string, unknown>>;
    /** Set up for every new instance, without anybody filling in what is missing. */
    readonly automatic: boolean;
  };
  readonly action?: ActionData;
}

/** An example in a page that is marked as something that runs. */
export interface ExampleSubject {
  readonly source: Source;
  readonly language: 'mapping' | 'trigger';
  readonly text: string;
}

/** What a rule checks, by kind. */
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

/** What a rule found, at once or later. */
export type Finding = Iterable<Found> | Promise<Iterable<Found>>;

/** One check: it has a code that never changes its meaning. */
export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what is wrong when it speaks up. */
  readonly summary: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Only checked when asked for: what runs here and not on Segment. */
  readonly portable?: boolean;
  /** It is about actions: what it says of definitions is not asked of sources, which have settings alone. */
  readonly ofActions?: true;
  readonly checks: { readonly [K in keyof Subjects]?: (subject: Subjects[K]) => Finding };
}
