import type { Issue } from '../result/issue.ts';
import type { DynamicField } from './dynamic.ts';
import type { Fields, Payload } from './fields.ts';

/** When an action can run a hook for a mapping: when it is saved, and when a reverse ETL mapping is saved. */
export const HOOKS = ['onMappingSave', 'retlOnMappingSave'] as const;

/** The name of a hook, and its key in a mapping. */
export type HookName = (typeof HOOKS)[number];

/** The outputs of a hook by name, for example the ID of a list. */
export type HookOutputs = Readonly<Record<string, unknown>>;

/** The question that a hook receives. */
export interface HookQuestion<P = unknown> {
  /** The inputs, checked against the fields of the hook. */
  readonly inputs: P;
  /** The values of the mapping, where they are plain. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Its outputs of the last run, when it runs again. */
  readonly outputs?: HookOutputs;
}

/** The outputs of a hook, or why it failed. */
export type HookAnswer =
  | { readonly outputs: HookOutputs; readonly message?: string; readonly error?: undefined }
  | { readonly error: Issue };

/** A hook as its author writes it; `C` is its context. */
export interface HookDefinition<C, F extends Fields = Fields> {
  readonly label: string;
  readonly description: string;
  /** The inputs. */
  readonly fields: F;
  /** Its outputs, as fields: for display and type generation. */
  readonly outputs?: Fields;
  /** Fields of the hook whose choices are read from the account. */
  readonly dynamicFields?: Readonly<Record<string, DynamicField<C>>>;
  /** Runs when a mapping is published, once for the same inputs. */
  readonly run: (context: C, question: HookQuestion<Payload<F>>) => Promise<HookAnswer>;
}

/** A hook with its types erased. */
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

/** A hook in a mapping: its inputs and outputs. */
export interface KeptHook {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: HookOutputs;
  /** The inputs of the run; absent for outputs from elsewhere. */
  readonly ranWith?: Readonly<Record<string, unknown>>;
  readonly ranAt?: number;
  readonly message?: string;
}

/** The hook of a name in a mapping; undefined when there is none or it is malformed. */
export function keptHook(mapping: Readonly<Record<string, unknown>>, name: HookName): KeptHook | undefined {
  const kept = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : undefined;
}

/** Returns the outputs of the hooks of a mapping; undefined when there are none. */
export function hookOutputs(
  mapping: Readonly<Record<string, unknown>>,
): Readonly<Partial<Record<HookName, HookOutputs>>> | undefined {
  const made = HOOKS.flatMap((name) => {
    const outputs = keptHook(mapping, name)?.outputs;
    return outputs === undefined ? [] : [[name, outputs] as const];
  });
  return made.length === 0 ? undefined : Object.fromEntries(made);
}
