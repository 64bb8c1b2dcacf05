import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { dummyProcessor } from '@waybill/ingest';
import { createSecretBox } from '../src/keys.ts';
import { sourceName, WORKSPACE } from '../src/workspace/items.ts';
import { openWorkspace, type WorkspaceEditor } from '../src/workspace/open.ts';

const BOX = createSecretBox('a key');
const ADA = { by: 'ada', from: 'here' };
let folder: string;
let open: WorkspaceEditor[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-workspace-'));
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(onChange: () => void = () => undefined): Promise<WorkspaceEditor> {
  const editor = await openWorkspace({
    destinations,
    sources: [],
    processors: [dummyProcessor],
    dataDir: folder,
    store: `sqlite:${folder}`,
    box: BOX,
    env: () => undefined,
    now: () => 7,
    mayName: () => false,
    onChange: async () => onChange(),
    onError: () => undefined,
  });
  open.push(editor);
  return editor;
}

/** The workspace with one more source. */
function added(editor: WorkspaceEditor, id: string): { readonly workspace: Workspace } {
  const { workspace } = editor;
  return { workspace: { ...workspace, sources: [...workspace.sources, { id, writeKey: `key of ${id}` }] } };
}

describe('the workspace', () => {
  it('of version 0.1 is imported once, with the record of the applied file', async () => {
    const workspace = { sources: [{ id: 'shop', writeKey: 'k' }], destinations: [] };
    const sealed = BOX.seal(JSON.stringify(workspace));
    writeFileSync(join(folder, 'workspace.json'), JSON.stringify({ version: 1, declared: 'hash', sealed }));
    const editor = await opened();
    expect(editor.workspace).toEqual(workspace);
    expect([
      editor.versionOf(WORKSPACE),
      editor.versionOf(sourceName('shop')),
      editor.versionOf('file'),
    ]).toEqual([1, 1, 1]);
    await editor.edit(ADA, () => added(editor, 'app'));
    await editor.close();
    open = [];
    expect((await opened()).workspace.sources.map(({ id }) => id)).toEqual(['shop', 'app']);
  });

  it('that another process has changed is no longer the base of an edit', async () => {
    let told = 0;
    const [one, other] = [await opened(), await opened(() => (told += 1))];
    await one.edit(ADA, () => added(one, 'first'));
    const second = (): Promise<void> => other.edit(ADA, () => added(other, 'second'));
    await expect(second()).rejects.toMatchObject({ code: 'workspace_version_conflict' });
    expect([other.workspace, told]).toEqual([one.workspace, 1]);
    await second();
    expect(other.workspace.sources.map(({ id }) => id)).toEqual(['first', 'second']);
  });

  it('keeps processors with separate versions, and refuses variables in them', async () => {
    const editor = await opened();
    const put = (settings: object): Promise<void> =>
      editor.edit(ADA, () => ({
        workspace: {
          ...editor.workspace,
          processors: [{ id: 'count', type: 'dummy', settings: { ...settings } }],
        },
      }));
    await put({ quiet: 5 });
    await put({ quiet: 6 });
    expect(editor.workspace.processors).toEqual([{ id: 'count', type: 'dummy', settings: { quiet: 6 } }]);
    expect([editor.versionOf('processors/count'), editor.versionOf(WORKSPACE)]).toEqual([2, 2]);
    expect((await editor.history.version(WORKSPACE, 1))?.content).toMatchObject({
      processors: [{ settings: { quiet: 5 } }],
    });
    await expect(put({ quiet: { $env: 'WAYBILL_SECRET_KEY' } })).rejects.toMatchObject({
      code: 'workspace_variable_forbidden',
    });
  });

  it('accepts names of any characters', async () => {
    const editor = await opened();
    for (const id of ['a/b', 'ü %2F', '__proto__', '\ud800']) await editor.edit(ADA, () => added(editor, id));
    await editor.close();
    open = [];
    const again = await opened();
    expect(again.workspace.sources).toHaveLength(4);
    expect(again.versionOf(sourceName('a/b'))).toBe(1);
  });
});
