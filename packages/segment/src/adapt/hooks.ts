import { HOOKS, type Hook, type HookAnswer, type Hooks, type SendContext } from '@waybill/core';
import type { UpstreamAction, UpstreamFields, UpstreamHook } from '../upstream/types.ts';
import { type Around, choicesThrough, errorOf, runAround } from './dynamic.ts';
import { adaptFields } from './fields.ts';

/** Converts the hooks of a published action. */
export function adaptHooks(
  { hooks = {} }: UpstreamAction,
  around: Around,
): { readonly hooks?: Hooks<SendContext> } {
  const known = HOOKS.flatMap((name) => {
    const hook = hooks[name];
    return hook?.performHook === undefined ? [] : [[name, adaptHook(hook, around)] as const];
  });
  return known.length === 0 ? {} : { hooks: Object.fromEntries(known) };
}

function adaptHook(hook: UpstreamHook, around: Around): Hook<SendContext> {
  const { inputFields = {}, outputTypes = {}, performHook } = hook;
  const dynamic = Object.entries(inputFields).flatMap(([name, { dynamic: read }]) =>
    typeof read === 'function' ? [[name, choicesThrough(read as never, around)] as const] : [],
  );
  return Object.freeze<Hook<SendContext>>({
    label: hook.label,
    description: hook.description || hook.label,
    fields: adaptFields(inputFields),
    outputs: adaptFields(outputTypes as UpstreamFields),
    ...(dynamic.length === 0 ? {} : { dynamicFields: Object.fromEntries(dynamic) }),
    async run(context, { inputs, payload, outputs }) {
      const answered = await runAround(context, around, performHook!, {
        payload,
        hookInputs: inputs,
        hookOutputs: outputs === undefined ? {} : { outputs },
      });
      return 'error' in answered ? failedWith(answered.error) : answerOf(answered.value);
    },
  });
}

function answerOf(value: unknown): HookAnswer {
  const { error, savedData, successMessage } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (error !== undefined && error !== null) return failedWith(errorOf(error));
  return {
    outputs: (savedData ?? {}) as Readonly<Record<string, unknown>>,
    ...(typeof successMessage === 'string' ? { message: successMessage } : {}),
  };
}

function failedWith({ code, message }: ReturnType<typeof errorOf>): HookAnswer {
  return { error: { code, path: '', message } };
}
