import type { Issue } from '../result/issue.ts';
import type { DynamicField } from './dynamic.ts';
import type { Fields, Payload } from './fields.ts';

/** The moments at which an action can do something for a mapping: when it is saved, and when one of reverse ETL is. */
export const HOOKS = ['onMappingSave', 'retlOnMappingSave'] as const;

/** One of them, and the key of a mapping under which it is kept. */
export type HookName = (typeof HOOKS)[number];

/** What a hook has made, by name: the id of a list, for example. */
export type HookOutputs = Readonly<Record<string, unknown>>;

/** What a hook is asked with. */
export interface HookQuestion<P = unknown> {
  /** What a person has entered, checked against the fields of the hook. */
  readonly inputs: P;
  /** The values of the mapping, as far as they are plain. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** What it made the last time, when it is run again. */
  readonly outputs?: HookOutputs;
}

/** What a hook has made, or why it could not. */
export type HookAnswer =
  | { readonly outputs: HookOutputs; readonly message?: string; readonly error?: undefined }
  | { readonly error: Issue };

/** A hook as its author writes it; `C` is what it is handed. */
export interface HookDefinition<C, F extends Fields = Fields> {
  readonly label: string;
  readonly description: string;
  /** Inputs that a person enters. */
  readonly fields: F;
  /** What it makes, as fields: for people, and for whoever writes types. */
  readonly outputs?: Fields;
  /** Fields of the hook whose choices are read from the account. */
  readonly dynamicFields?: Readonly<Record<string, DynamicField<C>>>;
  /** Runs when a mapping is published, once for what was entered. */
  readonly run: (context: C, question: HookQuestion<Payload<F>>) => Promise<HookAnswer>;
}

/** A hook whose types nobody needs to know any more. */
export interface Hook<C> {
  readonly label: string;
  readonly description: string;
  readonly fields: Fields;
  readonly outputs?: Fields;
  readonly dynamicFields?: Readonly<Record<string, DynamicField<C>>>;
  readonly run: (context: C, question: HookQuestion) => Promise<HookAnswer>;
}

/** The hooks of an action. */
export type Hooks<C> = Readonly<Partial<Record<HookName, Hook<C>>>>;

/** A hook in a mapping: what was entered, and the result. */
export interface KeptHook {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: HookOutputs;
  /** What was entered when it ran; absent for outputs that came from elsewhere. */
  readonly ranWith?: Readonly<Record<string, unknown>>;
  readonly ranAt?: number;
  readonly message?: string;
}

/** The hook of a name in a mapping; undefined when there is none, or nothing that could be one. */
export function keptHook(mapping: Readonly<Record<string, unknown>>, name: HookName): KeptHook | undefined {
  const kept = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : undefined;
}

/** What the hooks of a mapping have made; undefined when none has made anything. */
export function hookOutputs(
  mapping: Readonly<Record<string, unknown>>,
): Readonly<Partial<Record<HookName, HookOutputs>>> | undefined {
  const made = HOOKS.flatMap((name) => {
    const outputs = keptHook(mapping, name)?.outputs;
    return outputs === undefined ? [] : [[name, outputs] as const];
  });
  return made.length === 0 ? undefined : Object.fromEntries(made);
}
