import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Answered, type Harness, openHarness } from './harness.ts';

const KEY = 'itbl-key-4711-very-secret';
const OTHER_KEY = 'itbl-key-4712-very-secret';
const AT = 'destinations/iterable/mappings/seen';

/** A mapping of tracked events of one name. */
function seen(name: string, event = 'Seen'): object {
  return { id: 'seen', preset: 'track-calls', name, trigger: `type = "track" and event = "${event}"` };
}

describe('the versions of a workspace', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({
      sandbox: { apiKeys: [KEY, OTHER_KEY] },
      workspace: (apiUrl) => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          {
            id: 'iterable',
            type: 'iterable',
            settings: { apiKey: KEY, apiUrl },
            mappings: [seen('One') as never],
          },
        ],
      }),
    });
  });
  afterAll(() => harness.close());
  const get = (path: string): Promise<Answered> => harness.admin(path);
  const put = (path: string, body: unknown, ifMatch?: string): Promise<Answered> =>
    harness.admin(path, { method: 'PUT', body, ifMatch });
  const post = (path: string, ifMatch?: string): Promise<Answered> =>
    harness.admin(path, { method: 'POST', ifMatch });

  it('refuses an edit without its base version', async () => {
    const before = await get('workspace');
    for (const [method, path] of [
      ['PUT', 'workspace'],
      ['PUT', 'sources/shop'],
      ['DELETE', 'sources/shop'],
      ['PUT', 'destinations/iterable'],
      ['PATCH', 'destinations/iterable'],
      ['DELETE', 'destinations/iterable'],
      ['PUT', AT],
      ['DELETE', AT],
      ['POST', `${AT}/versions/1/restore`],
    ] as const) {
      const body = ['PUT', 'PATCH'].includes(method) ? {} : undefined;
      const { status, body: answer } = await harness.admin(path, { method, body, ifMatch: undefined });
      expect([method, path, status, answer.error.code]).toEqual([
        method,
        path,
        428,
        'workspace_version_required',
      ]);
    }
    const wrong = await put(AT, seen('x'), 'seven');
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'request_invalid']);
    expect(await get('workspace')).toEqual(before);
  });

  it('returns 409 with both versions to the second of two people who edit one mapping', async () => {
    const [ada, ben] = [await get(AT), await get(AT)];
    expect([ada.etag, ben.etag]).toEqual(['"1"', '"1"']);
    const first = await put(`${AT}?note=for%20the%20sale`, seen('Of Ada'), ada.etag);
    expect([first.status, first.etag]).toEqual([200, '"2"']);
    const second = await put(AT, seen('Of Ben'), ben.etag);
    expect([second.status, second.body.error.code]).toEqual([409, 'workspace_version_conflict']);
    expect(second.body.error.conflict).toMatchObject({
      what: AT,
      yours: { version: 1, by: 'file', from: 'file', content: { name: 'One' } },
      current: {
        version: 2,
        by: 'admin',
        from: '127.0.0.1',
        note: 'for the sale',
        content: { name: 'Of Ada' },
      },
    });
    expect((await get(AT)).body.name).toBe('Of Ada');
    expect((await put(AT, seen('Of both'), first.etag)).status).toBe(200);
    expect((await put(AT, seen('Whatever'), '*')).status).toBe(200);
  });

  it('loses no update of ten concurrent clients', async () => {
    const add = async (n: number): Promise<void> => {
      for (;;) {
        const { body, etag } = await get(AT);
        const next = { ...seen(`${body.name} ${n}`) };
        const { status } = await put(AT, next, etag);
        if (status === 200) return;
        expect(status).toBe(409);
      }
    };
    const { etag: before } = await put(AT, seen('Of'), '*');
    await Promise.all(Array.from({ length: 10 }, (_, n) => add(n)));
    const { body, etag } = await get(AT);
    expect(
      body.name
        .split(' ')
        .slice(1)
        .map(Number)
        .sort((a: number, b: number) => a - b),
    ).toEqual(Array.from({ length: 10 }, (_, n) => n));
    expect(number(etag) - number(before)).toBe(10);
  });

  it('does not run a draft until it is published, and records author and note', async () => {
    await put(AT, seen('Published'), '*');
    const { etag: running } = await get(AT);
    const made = await put(`${AT}/draft`, seen('Draft', 'Later'));
    expect([made.status, made.body]).toEqual([
      200,
      { base: number(running), mapping: seen('Draft', 'Later'), issues: [] },
    ]);
    expect((await get('destinations/iterable/drafts')).body).toEqual(['seen']);
    const event = { type: 'track', userId: 'u1', event: 'Later' };
    const explain = async (draft: object): Promise<Answer> =>
      (
        await harness.admin('destinations/iterable/explain', { method: 'POST', body: { event, ...draft } })
      ).body.mappings.map(({ payload }: Answer) => payload !== undefined);
    expect([await explain({}), await explain({ draft: 'seen' })]).toEqual([[false], [true]]);
    await harness.track('track', { messageId: 'too-early', userId: 'u1', event: 'Later' });
    await harness.server.idle();
    expect(await harness.steps('too-early')).toMatchObject([{ status: 'skipped' }]);
    await harness.restart();

    expect((await put(`${AT}/draft`, seen('Lost'))).status).toBe(428);
    // A second draft is refused with the existing one.
    expect((await put(`${AT}/draft`, seen('Lost'), '"0"')).status).toBe(409);
    expect((await post(`${AT}/draft/publish`)).status).toBe(428);
    const published = await post(`${AT}/draft/publish?note=launch`, made.etag);
    expect([published.status, published.body.name, number(published.etag)]).toEqual([
      200,
      'Draft',
      number(running) + 1,
    ]);
    const gone = await get(`${AT}/draft`);
    expect([gone.status, gone.etag]).toEqual([404, undefined]);
    expect((await get(`${AT}/versions?limit=1`)).body).toMatchObject([
      { version: number(running) + 1, by: 'admin', note: 'launch', removed: false },
    ]);
    await harness.track('track', { messageId: 'in-time', userId: 'u1', event: 'Later' });
    await harness.server.idle();
    expect(await harness.steps('in-time')).toMatchObject([{ status: 'delivered', mappingId: 'seen' }]);
  });

  it('names the version of the mapping in outcomes, dead letters and the history of an event', async () => {
    const sent = async (messageId: string): Promise<number> => {
      await harness.track('track', { messageId, userId: 'u1', event: 'Seen' });
      await harness.server.idle();
      return (await harness.steps(messageId))[0]!.mappingVersion!;
    };
    const one = await put(AT, seen('One'), '*');
    const first = await sent('v-1');
    const two = await put(AT, { ...seen('Two'), mapping: { id: { '@literal': '' } } }, one.etag);
    const second = await sent('v-2');
    expect([first, second]).toEqual([number(one.etag), number(two.etag)]);
    expect(await harness.steps('v-1')).toMatchObject([{ mappingVersion: first }]);
    const three = await put(
      AT,
      { ...seen('Three'), mapping: { eventName: { '@path': '$.nothing' } } },
      two.etag,
    );
    const third = await sent('v-3');
    expect(await harness.steps('v-3')).toMatchObject([
      { status: 'rejected', mappingVersion: number(three.etag) },
    ]);
    const letters = (await get('dead-letters?messageId=v-3')).body;
    expect(letters).toMatchObject([{ mappingId: 'seen', mappingVersion: third }]);
    // An edit of the destination itself does not create another version of its mappings.
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { name: 'Renamed' } });
    await put(AT, seen('One'), '*');
    expect(await sent('v-4')).toBe(third + 1);
  });

  it('publishes no draft over a later change', async () => {
    const made = await put(`${AT}/draft`, seen('Mine'), '"0"');
    const changed = await put(AT, seen('Theirs'), '*');
    const refused = await post(`${AT}/draft/publish`, made.etag);
    expect([refused.status, refused.body.error.conflict]).toMatchObject([
      409,
      {
        what: AT,
        yours: { version: made.body.base },
        current: { version: number(changed.etag), content: { name: 'Theirs' } },
      },
    ]);
    const merged = await put(`${AT}/draft?base=${number(changed.etag)}`, seen('Merged'), made.etag);
    expect((await post(`${AT}/draft/publish`, merged.etag)).body.name).toBe('Merged');
  });

  it('accepts a draft of a new mapping, reports what is wrong with it, and discards it', async () => {
    const path = 'destinations/iterable/mappings/new/draft';
    const draft = { id: 'new', action: 'trackEvent', trigger: 'type = ' };
    const made = await put(path, draft);
    expect([made.status, made.body.base]).toEqual([200, 0]);
    expect(made.body.issues).not.toEqual([]);
    expect((await post(`${path}/publish`, made.etag)).status).toBe(400);
    expect((await put(path, { ...draft, colour: 'red' }, made.etag)).status).toBe(400);
    expect((await harness.admin(path, { method: 'DELETE', ifMatch: made.etag })).status).toBe(204);
    expect((await get('destinations/iterable/drafts')).body).toEqual([]);
    expect((await get('destinations/iterable/mappings')).body).toHaveLength(1);
  });

  it('shows the differences between two versions, and restores an older one as a new one', async () => {
    const one = await put(AT, seen('First'), '*');
    const two = await put(AT, seen('Second', 'Other'), one.etag);
    const { body } = await get(`${AT}/diff?from=${number(one.etag)}&to=${number(two.etag)}`);
    expect(body.text).toContain('~ name  "First" -> "Second"');
    expect(body.changes).toHaveLength(2);
    expect((await get(`${AT}/versions/${number(one.etag)}`)).body.content).toEqual(seen('First'));
    const back = await post(`${AT}/versions/${number(one.etag)}/restore?note=too%20soon`, two.etag);
    expect([back.status, back.body]).toMatchObject([
      200,
      { version: number(two.etag) + 1, note: 'too soon', content: seen('First') },
    ]);
    expect((await get(AT)).body.name).toBe('First');
    const again = await post(`${AT}/versions/${number(two.etag)}/restore`, back.etag);
    expect(again.body.note).toBe(`Version ${number(two.etag)} again`);
    expect((await get(`${AT}/versions/999999`)).status).toBe(404);
    expect((await get(`destinations/iterable/mappings/nothing/versions`)).status).toBe(404);
  });

  it('counts an edit of a mapping as one of its destination and of the workspace, and restores all of them', async () => {
    const whole = [await get('destinations/iterable'), await get('workspace')] as const;
    await put(AT, seen('Edited'), '*');
    const after = [await get('destinations/iterable'), await get('workspace')] as const;
    expect(after.map(({ etag }) => number(etag))).toEqual(whole.map(({ etag }) => number(etag) + 1));
    const stale = await harness.admin('destinations/iterable', {
      method: 'PATCH',
      body: { enabled: false },
      ifMatch: whole[0].etag,
    });
    expect(stale.status).toBe(409);
    expect(
      (await harness.admin('destinations/iterable', { method: 'DELETE', ifMatch: after[0].etag })).status,
    ).toBe(204);
    expect((await get('destinations/iterable/versions?limit=1')).body).toMatchObject([{ removed: true }]);
    const version = number(after[1].etag);
    // History has no secrets, so a destination that is gone does not come back with its own.
    const needed = await post(`workspace/versions/${version}/restore`, '*');
    expect([needed.status, needed.body.error.code]).toEqual([409, 'workspace_secret_needed']);
    const { content } = (await get(`workspace/versions/${version}`)).body;
    expect(content.destinations[0].mappings).toEqual([seen('Edited')]);
    content.destinations[0].settings.apiKey = KEY;
    content.sources[0].writeKey = { $secret: true };
    expect((await put('workspace', content, '*')).status).toBe(200);
    expect((await get(AT)).body.name).toBe('Edited');
  });

  it('has an audit log of every change, and no secret in any answer', async () => {
    const { etag } = await get('destinations/iterable');
    const { body: config } = await get('destinations/iterable');
    await put(
      'destinations/iterable?note=new%20key',
      { ...config, settings: { ...config.settings, apiKey: OTHER_KEY } },
      etag,
    );
    const [change] = (await get('audit?limit=1')).body;
    expect(change).toMatchObject({ by: 'admin', from: '127.0.0.1', note: 'new key', at: expect.any(Number) });
    expect(change.writes).toContainEqual({
      name: 'destinations/iterable',
      before: number(etag),
      after: number(etag) + 1,
    });
    expect((await get('audit?limit=1000')).body.at(-1)).toMatchObject({ by: 'file', from: 'file' });
    const answers: Answer[] = [];
    for (const path of [
      'audit',
      'workspace/versions',
      'sources/shop/versions/1',
      `destinations/iterable/versions/${number(etag) + 1}`,
      `destinations/iterable/diff?from=${number(etag)}`,
    ])
      answers.push((await get(path)).body);
    expect(JSON.stringify(answers)).not.toMatch(/very-secret|"demo"/);
    // Going back does not bring back the key of then.
    await post(`destinations/iterable/versions/${number(etag)}/restore`, '*');
    const test = await harness.admin('destinations/iterable/test', { method: 'POST' });
    expect(test.body).toMatchObject({ ok: true });
    for (const name of ['workspace.db', 'workspace.db-wal']) {
      const text = readFileSync(join(harness.dataDir, name)).toString('latin1');
      expect([name, /very-secret/.test(text)]).toEqual([name, false]);
    }
  });

  it('keeps everything across a restart', async () => {
    const paths = ['workspace', AT, 'audit', `${AT}/versions`, 'destinations/iterable/versions'];
    const before = await Promise.all(paths.map(get));
    await harness.restart();
    expect(await Promise.all(paths.map(get))).toEqual(before);
  });
});

function number(etag: string | undefined): number {
  return Number(/^"(\d+)"$/.exec(etag ?? '')?.[1]);
}
