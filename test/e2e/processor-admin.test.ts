import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';

let one: Harness;
beforeAll(async () => {
  one = await openHarness({
    workspace: () => ({
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: [{ id: 'out', type: 'dummy', settings: {} }],
    }),
  });
});
afterAll(() => one.close());

const counts = { id: 'counts', type: 'dummy', sources: ['shop'], settings: { quiet: 3_600_000 } };
const happened = async (messageId: string, who: object): Promise<void> => {
  await one.track('track', { messageId, event: 'Dummy Happened', ...who });
  await one.server.idle();
};
const user = async (query: string): Promise<Answer> =>
  (await one.admin(`processors/counts/user?${query}`)).body;
/** The recomputation once it is in a phase. */
async function recomputed(phase: string): Promise<Answer> {
  for (;;) {
    await one.server.idle();
    const { body } = await one.admin('processors/counts/recompute');
    if (body.phase === phase) return body;
  }
}

describe('a processor in the admin API', () => {
  it('is added, shown with its versions, changed and removed, each based on a version', async () => {
    const types = (await one.admin('processor-types')).body;
    expect(types.map(({ slug }: Answer) => slug)).toContain('customer-metrics');
    expect(types.find(({ slug }: Answer) => slug === 'dummy').events['Dummy Counted'].count.type).toBe(
      'integer',
    );
    const added = await one.admin('processors', { method: 'POST', body: counts });
    expect([added.status, added.etag, added.body]).toEqual([201, '"1"', counts]);
    const unknown = await one.admin('processors', { method: 'POST', body: { id: 'x', type: 'dumy' } });
    expect(unknown.body.error.code).toBe('workspace_unknown_processor');
    const other = { ...counts, settings: { quiet: 7_200_000 } };
    const stale = await one.admin('processors/counts', { method: 'PUT', body: other, ifMatch: '"7"' });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'workspace_version_conflict']);
    expect((await one.admin('processors/counts', { method: 'PUT', body: other })).body).toEqual(other);
    expect((await one.admin('processors')).body).toEqual([other]);
    expect((await one.admin('processors/counts/versions')).body).toHaveLength(2);
    const diff = (await one.admin('processors/counts/diff?from=1&to=2')).body;
    expect(diff.changes).toEqual([expect.objectContaining({ path: 'settings.quiet', from: 3_600_000 })]);
    await one.admin('processors/counts/versions/1/restore', { method: 'POST', body: {} });
    expect((await one.admin('processors/counts')).body).toEqual(counts);
    expect((await one.admin('processors/none')).body.error.code).toBe('request_not_found');
  });

  it('reports its progress, the state of a user, and its next timers', async () => {
    await happened('a', { userId: 'ada', context: { traits: { email: 'ada@example.com' } } });
    await happened('b', { userId: 'ada' });
    await happened('c', { anonymousId: 'visitor' });
    const status = (await one.admin('processors/counts/status')).body;
    expect(status).toMatchObject({ working: true, waiting: 0, nextDue: expect.any(Number) });
    const ada = await user('userId=ada');
    expect(ada).toMatchObject({
      key: 'u:ada',
      state: { count: 2 },
      who: { userId: 'ada', email: 'ada@example.com' },
      timers: [{ name: 'quiet', due: expect.any(Number) }],
      turns: 2,
    });
    expect((await user('userId=nobody&anonymousId=visitor')).state).toEqual({ count: 1 });
    expect((await user('email=none@example.com')).error.message).toContain(
      'Nothing is stored for e:none@example.com',
    );
    expect((await user('')).error.code).toBe('request_invalid');
    const timers = (await one.admin('processors/counts/timers?limit=1')).body;
    expect(timers).toEqual([{ user: 'u:ada', name: 'quiet', due: status.nextDue }]);
  });

  it('is recomputed from the log: first as a preview, then applied or not', async () => {
    expect((await one.admin('processors/counts/recompute')).body.error.code).toBe('request_not_found');
    // It was not there yet when these came.
    await one.admin('processors/counts', { method: 'DELETE' });
    await happened('d', { userId: 'ada' });
    await one.admin('processors', { method: 'POST', body: counts });
    await one.server.idle();
    await happened('e', { userId: 'bob' });
    expect((await user('userId=ada')).error.code).toBe('request_not_found');
    await one.admin('processors/counts/recompute', { method: 'POST', body: {} });
    const ready = await recomputed('ready');
    expect(ready).toMatchObject({ keeps: false, begin: 0, users: 3, differing: 2 });
    expect(ready.examples[1]).toEqual({ user: 'u:ada', after: { count: 3 } });
    await one.admin('processors/counts/recompute', { method: 'DELETE' });
    expect((await user('userId=ada')).error.code).toBe('request_not_found');
    const since = new Date(Date.now() - 3_600_000).toISOString();
    await one.admin('processors/counts/recompute', { method: 'POST', body: { from: since, keep: true } });
    expect((await recomputed('ready')).from).toBe(Date.parse(since));
    const applied = await one.admin('processors/counts/recompute/apply', { method: 'POST', body: {} });
    expect(applied.body.phase).toBe('applying');
    await one.server.idle();
    while ((await one.admin('processors/counts/recompute')).status === 200) await one.server.idle();
    expect((await user('userId=ada')).state).toEqual({ count: 3 });
  });

  it('deletes the state of deleted users, works after a restart, and is off when disabled', async () => {
    await one.admin('deletions', { method: 'POST', body: { userId: 'ada' } });
    expect((await user('userId=ada')).error.code).toBe('request_not_found');
    await one.restart();
    await happened('f', { userId: 'bob' });
    expect((await user('userId=bob')).state.count).toBeGreaterThan(1);
    await one.admin('processors/counts', { method: 'PUT', body: { ...counts, enabled: false } });
    expect((await one.admin('processors/counts/status')).body).toMatchObject({ working: false });
    const refused = await one.admin('processors/counts/recompute', { method: 'POST', body: {} });
    expect(refused.body.error.message).toContain('"counts" is disabled: enable it first.');
  });
});
