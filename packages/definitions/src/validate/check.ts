import {
  type Destination,
  findDestination,
  type Preset,
  type Workspace,
  type WorkspaceDefinitions,
} from '@waybill/core';
import { type DefinitionData, definitionOf, destinationOf } from '../data/definition.ts';
import { fromMetadata, type Metadata } from '../data/metadata.ts';
import type { Collection, Document } from './documents.ts';
import { formatPlace } from '../text/place.ts';
import type { Problem } from './problem.ts';
import type {
  DefinitionSubject,
  Found,
  MappingSubject,
  PresetSubject,
  Rule,
  ShapeSubject,
  SourceSubject,
  Subjects,
  WorkspaceSubject,
} from './rule.ts';
import { RULES } from './rules/index.ts';
import { at, positionOf, type Source } from '../text/source.ts';

/** Options of a check. */
export interface CheckOptions {
  /** Whether to report what runs here but not on Segment. */
  readonly portable?: boolean;
  /** Destinations that presets and workspaces may refer to, in addition to those in the collection. */
  readonly known: readonly Destination[];
  /** The types of sources and processors that workspaces may name. */
  readonly sources?: WorkspaceDefinitions['sources'];
  readonly processors?: WorkspaceDefinitions['processors'];
  /** The destination of presets outside of the folder of one. */
  readonly destination?: string;
}

/** What was checked, and its problems. */
export interface Report {
  readonly problems: readonly Problem[];
  readonly checked: {
    readonly destinations: number;
    readonly sources: number;
    readonly actions: number;
    readonly presets: number;
    readonly workspaces: number;
    readonly plans: number;
    readonly mappings: number;
    readonly examples: number;
  };
}

/** Runs every rule over a collection and returns one list of problems. */
export async function check(collection: Collection, options: CheckOptions): Promise<Report> {
  const run = new Run(options);
  for (const { file } of collection.documents) await run.all('file', file, file.source);
  for (const { file } of collection.modules) await run.all('file', file, file.source);

  const definitions = [...(await fromModules(collection, run)), ...(await fromDocuments(collection, run))];
  const known = [
    ...options.known,
    ...definitions.map(({ code, definition }) => code ?? destinationOf(definition)),
  ];
  const presets = await placedPresets(collection, run, { definitions, known, only: options.destination });
  for (const subject of definitions) {
    const presetFiles = presets.filter((one) => one.destination === subject.definition.slug);
    await run.definition({ ...subject, presetFiles });
  }
  for (const subject of presets) await run.preset(subject);
  for (const { file, value } of ofKind(collection, 'workspace')) {
    if (!(await run.shape('workspace', file.source, value))) continue;
    const { sources = [], processors = [] } = options;
    await run.workspace({
      source: file.source,
      workspace: value as Workspace,
      destinations: known,
      sources,
      processors,
    });
  }
  for (const { file, value } of ofKind(collection, 'plan')) {
    run.count.plans += 1;
    await run.shape('plan', file.source, value);
  }
  for (const subject of collection.examples) {
    run.count.examples += 1;
    await run.all('example', subject, subject.source);
  }
  return { problems: run.sorted(), checked: run.count };
}

/** The valid definitions with their code. */
async function fromModules(collection: Collection, run: Run): Promise<readonly DefinitionSubject[]> {
  const found: DefinitionSubject[] = [];
  for (const { source, destinations, sources = [] } of collection.modules) {
    for (const code of sources) await run.source({ source: namedAmong(sources, code, source), code });
    for (const code of destinations) {
      const own = namedAmong(destinations, code, source);
      const definition = definitionOf(code);
      if (!(await run.shape('definition', own, definition))) continue;
      found.push({ source: own, definition, code, presetFiles: [] });
    }
  }
  return found;
}

/** A module, with the name of the definition where it has several. */
function namedAmong(all: readonly unknown[], { slug }: { readonly slug: string }, source: Source): Source {
  return all.length > 1 ? { ...source, name: `${source.name} (${slug})` } : source;
}

/** The valid definitions as data. */
async function fromDocuments(collection: Collection, run: Run): Promise<readonly DefinitionSubject[]> {
  const found: DefinitionSubject[] = [];
  for (const document of ofKind(collection, 'definition', 'metadata')) {
    const { source } = document.file;
    const definition = asDefinition(document);
    if (definition === undefined || !(await run.shape('definition', source, definition))) continue;
    // Places in metadata have other names than in a definition, so only the file is reported.
    const shown = document.kind === 'metadata' ? { name: source.name, isFile: true } : source;
    found.push({ source: shown, definition, code: undefined, presetFiles: [] });
  }
  return found;
}

/** The valid preset files, each with its destination. */
async function placedPresets(
  collection: Collection,
  run: Run,
  among: {
    readonly definitions: readonly DefinitionSubject[];
    readonly known: readonly Destination[];
    readonly only: string | undefined;
  },
): Promise<readonly PresetSubject[]> {
  const { definitions, known, only } = among;
  const placed: PresetSubject[] = [];
  for (const { file, value, folder } of ofKind(collection, 'preset')) {
    if (!(await run.shape('preset', file.source, value))) continue;
    const wanted = only ?? (definitions.length === 1 ? definitions[0]!.definition.slug : folder);
    const found = wanted === undefined ? undefined : known.findLast((one) => one.slug === wanted);
    const own = definitions.find((one) => one.definition.slug === wanted)?.definition;
    placed.push({
      source: file.source,
      base: [],
      preset: value as Preset,
      definition: own ?? (found === undefined ? undefined : definitionOf(found)),
      destination: wanted,
    });
  }
  return placed;
}

/** Documents that could be read. */
function ofKind({ documents }: Collection, ...kinds: readonly Document['kind'][]): readonly Document[] {
  return documents.filter((one) => one.value !== undefined && kinds.includes(one.kind));
}

function asDefinition({ kind, value }: Document): DefinitionData | undefined {
  if (kind === 'definition') return value as DefinitionData;
  try {
    return fromMetadata(value as Metadata);
  } catch {
    return undefined;
  }
}

/** The maximum number of problems of one kind in one place. */
const MOST = 100;

class Run {
  readonly count = {
    destinations: 0,
    sources: 0,
    actions: 0,
    presets: 0,
    workspaces: 0,
    plans: 0,
    mappings: 0,
    examples: 0,
  };
  private readonly options: CheckOptions;
  private readonly problems: Problem[] = [];
  constructor(options: CheckOptions) {
    this.options = options;
  }

  /** Sorts problems by file and position, without duplicates. */
  sorted(): readonly Problem[] {
    const once = new Map(this.problems.map((one) => [JSON.stringify(one), one]));
    const files = [...new Set(this.problems.map((one) => one.file))];
    return [...once.values()].sort(
      (a, b) =>
        files.indexOf(a.file) - files.indexOf(b.file) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    );
  }

  /** Runs the rules for the shape; returns whether it is valid. */
  async shape(kind: ShapeSubject['kind'], source: Source, value: unknown): Promise<boolean> {
    const before = this.problems.length;
    await this.all('shape', { kind, source, value }, source);
    return this.problems.length === before;
  }

  /** Runs every rule that checks subjects of a kind. */
  async all<K extends keyof Subjects>(
    kind: K,
    subject: Subjects[K],
    source: Source,
    rules: readonly Rule[] = RULES,
  ): Promise<void> {
    for (const rule of rules) {
      const look = rule.checks[kind] as
        ((subject: Subjects[K]) => ReturnType<NonNullable<typeof rule.checks.file>>) | undefined;
      if (look === undefined || (rule.portable === true && this.options.portable !== true)) continue;
      const found = [...(await look(subject))];
      this.problems.push(...found.slice(0, MOST).map((one) => problemOf(rule, one, source)));
      if (found.length <= MOST) continue;
      const message = `And ${found.length - MOST} more of this kind.`;
      this.problems.push(problemOf(rule, { place: [], message }, source));
    }
  }

  /** Checks the settings of a source like those of a destination. */
  async source({ source, code }: SourceSubject): Promise<void> {
    this.count.sources += 1;
    await this.all('source', { source, code }, source);
    const { slug, name, description, settings } = code;
    const definition: DefinitionData = { slug, name, description, settings, actions: {} };
    const rules = RULES.filter(({ ofActions, portable }) => ofActions !== true && portable !== true);
    await this.all('definition', { source, definition, code: undefined, presetFiles: [] }, source, rules);
  }

  async definition(subject: DefinitionSubject): Promise<void> {
    const { definition, source } = subject;
    this.count.destinations += 1;
    await this.all('definition', subject, source);
    for (const [key, action] of Object.entries(definition.actions)) {
      this.count.actions += 1;
      if (action.defaultTrigger === undefined || action.defaultTrigger === '') continue;
      await this.mapping({
        source,
        of: 'action',
        trigger: {
          text: action.defaultTrigger,
          dialect: definition.dialect ?? 'waybill',
          place: ['actions', key, 'defaultTrigger'],
        },
        action,
      });
    }
    const inFiles = new Set(subject.presetFiles.map((one) => one.preset.slug));
    for (const [index, preset] of (definition.presets ?? []).entries()) {
      // Parts in separate files are reported there.
      if (inFiles.has(preset.slug)) continue;
      await this.preset({
        source,
        base: ['presets', index],
        preset,
        definition,
        destination: definition.slug,
      });
    }
  }

  async preset(subject: PresetSubject): Promise<void> {
    const { source, base, preset, definition } = subject;
    this.count.presets += 1;
    await this.all('preset', subject, source);
    const action =
      definition !== undefined && Object.hasOwn(definition.actions, preset.action)
        ? definition.actions[preset.action]
        : undefined;
    await this.mapping({
      source,
      of: 'preset',
      ...(preset.type === 'automatic'
        ? {
            trigger: {
              text: preset.trigger,
              dialect: definition?.dialect ?? 'waybill',
              place: [...base, 'trigger'],
            },
          }
        : {}),
      mapping: {
        value: preset.mapping,
        place: [...base, 'mapping'],
        whole: preset.mapping,
        automatic: preset.type === 'automatic',
      },
      ...(action === undefined ? {} : { action }),
    });
  }

  async workspace(subject: WorkspaceSubject): Promise<void> {
    const { source, workspace, destinations } = subject;
    this.count.workspaces += 1;
    await this.all('workspace', subject, source);
    for (const [at, instance] of workspace.destinations.entries()) {
      const found = findDestination(destinations, instance.type);
      if (!found.ok) continue;
      for (const [index, config] of (instance.mappings ?? []).entries()) {
        const base = ['destinations', at, 'mappings', index];
        const preset = found.value.presets.find((one) => one.slug === config.preset);
        const name = config.action ?? preset?.action ?? '';
        const action = definitionOf(found.value).actions[name];
        const own = config.mapping ?? {};
        await this.mapping({
          source,
          of: 'workspace',
          ...(config.trigger === undefined
            ? {}
            : {
                trigger: {
                  text: config.trigger,
                  dialect: config.dialect ?? 'waybill',
                  place: [...base, 'trigger'],
                },
              }),
          mapping: {
            value: own,
            place: [...base, 'mapping'],
            whole: { ...preset?.mapping, ...own },
            automatic: false,
          },
          ...(action === undefined ? {} : { action }),
        });
      }
    }
  }

  async mapping(subject: MappingSubject): Promise<void> {
    this.count.mappings += 1;
    await this.all('mapping', subject, subject.source);
  }
}

function problemOf(rule: Rule, found: Found, subject: Source): Problem {
  const source = found.source ?? subject;
  const position =
    found.at === undefined
      ? positionOf(source, found.place, { key: found.key, offset: found.offset })
      : at(source, found.at);
  return {
    code: rule.code,
    severity: rule.severity,
    file: source.name,
    isFile: source.isFile,
    path: formatPlace(found.place),
    ...position,
    message: found.message,
    remedy: found.remedy ?? rule.remedy,
  };
}
