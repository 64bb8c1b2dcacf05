import { defineFields, defineHook, type Item } from '@waybill/core';

import { createList, findList, listChoices } from './api/lists.ts';
import { settings } from './settings.ts';

const fields = defineFields({
  list: {
    type: 'string',
    label: 'Existing List',
    description: 'A list of the account. Leave it empty to create a new one.',
    dynamic: true,
  },
  name: {
    type: 'string',
    label: 'New List Name',
    description: 'Name of the new list. An existing list of this name is used instead.',
  },
  optIn: {
    type: 'string',
    label: 'New List Opt-in',
    description: 'Whether people who subscribe to the new list must confirm. Empty: as set for the account.',
    choices: [
      { label: 'Confirmed by a message', value: 'double_opt_in' },
      { label: 'At once', value: 'single_opt_in' },
    ],
  },
});

const outputs = defineFields({
  listId: { type: 'string', label: 'List', description: 'The ID of the list.' },
  listName: { type: 'string', label: 'Name', description: 'The name of the list.' },
});

/** Selects or creates a list when a mapping is published. */
export const listHook = defineHook({
  label: 'Choose or create the list',
  description:
    'Uses a list of the account, or creates one, when the mapping is published. It takes precedence over the field List.',
  settings,
  fields,
  outputs,
  dynamicFields: { list: listChoices },
  async run(context, { inputs: { list = '', name = '', optIn } }) {
    const [id, called] = [list.trim(), name.trim()];
    if ((id === '') === (called === '')) {
      const message =
        id === '' ? 'Choose a list, or name a new one.' : 'Choose a list or name a new one, not both.';
      return { error: { code: 'payload_required', path: id === '' ? 'list' : 'name', message } };
    }
    const found = id === '' ? await findList('name', called, context) : await findList('id', id, context);
    if ('error' in found) return found;
    if (found.list !== undefined) {
      const { id: listId, name: listName } = found.list;
      return { outputs: { listId, listName }, message: `The list "${listName}" is used.` };
    }
    if (id !== '') {
      const message = `The account has no list "${id}".`;
      return { error: { code: 'destination_not_found', path: 'list', message } };
    }
    const made = await createList(called, optIn, context);
    if ('error' in made) return made;
    return {
      outputs: { listId: made.list.id, listName: made.list.name },
      message: `The list "${made.list.name}" was created.`,
    };
  },
});

/** Returns the list of an item: from the hook, else from the mapping. */
export function listOf(item: Item<{ readonly listId?: string | undefined }>): string | undefined {
  const made = item.hookOutputs?.onMappingSave?.['listId'];
  const id = typeof made === 'string' ? made : item.payload.listId;
  return id === undefined || id.trim() === '' ? undefined : id.trim();
}
