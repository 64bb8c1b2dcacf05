import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '@waybill/server';

/*
 * A workspace that `waybill validate` refuses was taken by `waybill start` and by the admin API: constants of the wrong
 * type, required fields left out, misspelt members, templates that never close.
 */
interface Issue {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly offset?: number;
}

const mapping = {
  id: 'done',
  action: 'trackEvent',
  trigger: 'type = "track"',
  mapping: { userId: { '@path': '$.userId' }, eventName: 'Done' } as Record<string, unknown>,
};
const workspace = (mappings: readonly unknown[]): string =>
  JSON.stringify(
    {
      sources: [{ id: 'shop', writeKey: 'key' }],
      destinations: [
        { id: 'iterable', type: 'iterable', settings: { apiKey: 'k', projectType: 'userId' }, mappings },
      ],
    },
    null,
    2,
  );

/** The invalid value, the code, and the text at that place. */
const broken: readonly (readonly [string, object, string, string])[] = [
  ['a field that is not there', { emial: 'x' }, 'mapping_unknown_field', '"emial": "x"'],
  ['a constant of the wrong type', { createdAt: 'never' }, 'mapping_value_invalid', '"never"'],
  [
    'a template that never closes',
    { eventName: { '@template': 'a {{event}' } },
    'mapping_template_unclosed',
    '{{event}',
  ],
];

describe('a workspace is validated as by `waybill validate`', () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-strict-'));
    server = await startServer(
      { dataDir: join(folder, 'a'), port: 0, logLevel: 'silent' },
      workspace([mapping]),
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(broken)('at start: %s, with line and column', async (_title, part, code, text) => {
    const file = workspace([{ ...mapping, mapping: { ...mapping.mapping, ...part } }]);
    const started = startServer({ dataDir: join(folder, code), port: 0, logLevel: 'silent' }, file);
    const error = (await started.then(
      () => undefined,
      (refused: unknown) => refused,
    )) as { code: string; message: string; issues: readonly Issue[] };
    expect(error.code).toBe(code);
    const [issue] = error.issues;
    expect(file.split('\n')[issue!.line! - 1]!.slice(issue!.column! - 1)).toMatch(text);
    expect(error.message).toContain(
      `line ${issue!.line}, column ${issue!.column}: destinations[0].mappings[0].mapping`,
    );
  });

  it('at start: invalid JSON, and a duplicate member, with line and column', async () => {
    const start = (text: string): Promise<Server> =>
      startServer({ dataDir: join(folder, 'json'), port: 0, logLevel: 'silent' }, text);
    await expect(start('{\n  "sources": [],\n}')).rejects.toThrow(
      'line 2, column 16: There is a comma after',
    );
    await expect(start('{\n  "sources": [],\n  "sources": [], "destinations": []\n}')).rejects.toThrow(
      'line 3, column 3: sources: "sources" appears twice.',
    );
  });

  it.each(broken)('at a save over the API: %s, with the path', async (_title, part, code) => {
    const answer = await fetch(`${server.url}/api/destinations/iterable/mappings/done`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        'content-type': 'application/json',
        'if-match': '*',
      },
      body: JSON.stringify({ ...mapping, mapping: { ...mapping.mapping, ...part } }),
    });
    const { error } = (await answer.json()) as {
      error: { code: string; remedy: string; issues: readonly Issue[] };
    };
    expect([answer.status, error.code]).toEqual([400, code]);
    expect(error.issues[0]!.path).toMatch(/^destinations\[0\]\.mappings\[0\]\.mapping\./);
    expect(error.remedy).not.toBe('');
  });

  it('at a save: a missing required field, a word of a trigger, and similar names', async () => {
    const put = async (one: object): Promise<readonly Issue[]> => {
      const answer = await fetch(`${server.url}/api/destinations/iterable/mappings/done`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${server.adminToken}`,
          'content-type': 'application/json',
          'if-match': '*',
        },
        body: JSON.stringify(one),
      });
      expect(answer.status).toBe(400);
      return ((await answer.json()) as { error: { issues: readonly Issue[] } }).error.issues;
    };
    expect(await put({ ...mapping, mapping: {} })).toContainEqual(
      expect.objectContaining({ code: 'mapping_required_missing' }),
    );
    expect(await put({ ...mapping, trigger: 'type = "track" and evnt = "a"' })).toContainEqual(
      expect.objectContaining({ code: 'trigger_unknown_word', offset: 19 }),
    );
    expect((await put({ ...mapping, action: 'trackEvnt' }))[0]!.message).toContain(
      'did you mean "trackEvent"?',
    );
  });
});
