import type { Action, DynamicField, HookAnswer, Issue, SendContext } from '@waybill/core';
import { ERRORS } from '@waybill/core';
import type {
  DataBag,
  Perform,
  RequestClient,
  UpstreamAction,
  UpstreamDynamic,
  UpstreamHook,
} from '../upstream/types.ts';
import { exportField } from './fields.ts';
import { requestThrough } from './request.ts';

/** Converts the hooks and choices of an action to the shape of Segment's framework. */
export function exportAround({
  hooks,
  dynamicFields,
}: Action): Pick<UpstreamAction, 'hooks' | 'dynamicFields'> {
  return {
    ...(hooks === undefined
      ? {}
      : { hooks: Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, exportHook(hook)])) }),
    ...(dynamicFields === undefined ? {} : { dynamicFields: exportDynamic(dynamicFields) }),
  };
}

function exportHook(hook: NonNullable<NonNullable<Action['hooks']>['onMappingSave']>): UpstreamHook {
  const { label, description, fields, outputs = {}, dynamicFields = {}, run } = hook;
  return {
    label,
    description,
    inputFields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const read = dynamicFields[name];
        const exported = exportField(field);
        return [name, read === undefined ? exported : { ...exported, dynamic: exportChoices(read) }];
      }),
    ),
    outputTypes: Object.fromEntries(
      Object.entries(outputs).map(([name, field]) => [name, exportField(field)]),
    ),
    performHook: async (client, data) => {
      const payload = (data.payload ?? {}) as Readonly<Record<string, unknown>>;
      const answer = await run(contextOf(client, data), { inputs: data['hookInputs'], payload });
      return saved(answer);
    },
  };
}

function saved(answer: HookAnswer): object {
  if (answer.error !== undefined) return { error: errorOf(answer.error) };
  const { outputs, message } = answer;
  return { savedData: outputs, ...(message === undefined ? {} : { successMessage: message }) };
}

/** Functions by the names of fields and their members. */
function exportDynamic(
  fields: NonNullable<Action['dynamicFields']>,
): Readonly<Record<string, UpstreamDynamic>> {
  const tree: Record<string, UpstreamDynamic> = {};
  for (const [path, read] of Object.entries(fields)) {
    const dot = path.indexOf('.');
    if (dot === -1) tree[path] = exportChoices(read);
    else {
      const [parent, member] = [path.slice(0, dot), path.slice(dot + 1)];
      tree[parent] = { ...(tree[parent] as object | undefined), [member]: exportChoices(read) };
    }
  }
  return tree;
}

function exportChoices(read: DynamicField<SendContext>): Perform {
  return async (client, data) => {
    const {
      query,
      selectedArrayIndex: index,
      selectedKey: key,
    } = (data['dynamicFieldContext'] ?? {}) as Readonly<Record<string, unknown>>;
    const { page, hookInputs: inputs } = data;
    const answer = await read(contextOf(client, data), {
      payload: (data.payload ?? {}) as Readonly<Record<string, unknown>>,
      ...(inputs === undefined ? {} : { inputs: inputs as Readonly<Record<string, unknown>> }),
      ...(typeof query === 'string' ? { query } : {}),
      ...(typeof page === 'string' && page !== '' ? { page } : {}),
      ...(typeof index === 'number' ? { index } : {}),
      ...(typeof key === 'string' ? { key } : {}),
    });
    return answer.error === undefined ? answer : { choices: [], error: errorOf(answer.error) };
  };
}

function contextOf(client: RequestClient, { settings }: DataBag): SendContext {
  return { settings, request: requestThrough(client), now: Date.now };
}

function errorOf({ code, message }: Issue): { readonly code: string; readonly message: string } {
  return { code: String(ERRORS[code].status), message };
}
