import { describe, expect, it } from 'vitest';
import {
  defineAction,
  defineDestination,
  delivered,
  resolveWorkspace,
  type Workspace,
  workspaceShapeIssues,
} from '../../src/index.ts';

const send = defineAction({
  title: 'Send',
  description: 'Sends.',
  fields: {
    id: { label: 'Id', description: 'Id.', type: 'string', required: true },
    phone: { label: 'Phone', description: 'Phone.', type: 'string' },
    dataFields: { label: 'Data', description: 'Data.', type: 'object' },
  },
  delta: { fields: 'dataFields' },
  send: async (items) => items.map(() => delivered()),
});
const fake = defineDestination({
  slug: 'fake',
  name: 'Fake',
  description: 'For tests.',
  settings: {},
  actions: { send },
});
const MAPPING = { id: 'm', action: 'send', trigger: 'type = "track"', mapping: { id: 'x' } };

function workspace(
  ofDestination: Workspace['destinations'][number]['ownership'],
  ofMapping: object = {},
): Workspace {
  return {
    sources: [{ id: 'shop', writeKey: 'k' }],
    destinations: [
      {
        id: 'd',
        type: 'fake',
        settings: {},
        ...(ofDestination === undefined ? {} : { ownership: ofDestination }),
        mappings: [{ ...MAPPING, ...ofMapping }],
      },
    ],
  };
}
const resolve = (one: Workspace) => resolveWorkspace(one, { destinations: [fake], env: () => undefined });

describe('ownership of fields', () => {
  it('comes from the destination, after that of the mapping, for fields of the action', () => {
    const given = workspace(
      { 'dataFields.tier': { owner: 'destination' }, phone: { latest: true }, elsewhere: { latest: true } },
      { delivery: { only: 'changed' }, ownership: { phone: { sources: ['shop'] } } },
    );
    expect(workspaceShapeIssues(given)).toEqual([]);
    const resolved = resolve(given);
    expect(resolved.ok && resolved.value.destinations[0]?.mappings[0]).toMatchObject({
      delivery: { only: 'changed' },
      ownership: { 'dataFields.tier': { owner: 'destination' }, phone: { sources: ['shop'] } },
    });
    expect(JSON.stringify(resolved)).not.toContain('elsewhere');
  });

  it.each([
    [{ nothing: { latest: true } }, 'workspace_invalid', 'has no field "nothing"'],
    [{ id: { latest: true } }, 'workspace_invalid', 'cannot be sent without "id"'],
    [{ phone: { sources: ['erp'] } }, 'workspace_unknown_source', 'no source "erp"'],
  ])('%j is refused', (ownership, code, message) => {
    const resolved = resolve(workspace(undefined, { ownership }));
    expect(resolved.ok).toBe(false);
    expect(!resolved.ok && resolved.issues).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    ]);
  });

  it.each([
    { phone: {} },
    { phone: { latest: false } },
    { phone: { owner: 'shop' } },
    { phone: { sources: [] } },
    { phone: { latest: true, owner: 'destination' } },
  ])('%j has no valid shape', (ownership) => {
    expect(workspaceShapeIssues(workspace(undefined, { ownership }))).not.toEqual([]);
  });
});
