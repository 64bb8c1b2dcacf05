import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';

let harness: Harness;
let workspace: Answer;
beforeAll(async () => {
  harness = await openHarness({ server: { retention: { days: 7 } } });
  workspace = (await harness.admin('workspace')).body;
});
afterAll(() => harness.close());

const plan = async (next: unknown): Promise<Answer> =>
  (await harness.admin('workspace/plan', { method: 'POST', body: { workspace: next } })).body;

it('the server describes itself and its limits', async () => {
  const { body } = await harness.admin('about');
  expect(body).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: process.versions.node,
    demo: false,
    adminTokenFixed: false,
    retention: { days: 7, deadLetterDays: 90 },
    limits: { eventBytes: 32_768, batchBytes: 512_000, connections: 10_000 },
  });
  expect(body.startedAt).toBeLessThanOrEqual(Date.now());
});

describe('a plan', () => {
  it('of the current workspace is empty', async () => {
    expect(await plan(workspace)).toEqual({ changes: [], text: '', issues: [], impact: [] });
  });

  it('shows changes and affected queues, and changes nothing', async () => {
    await harness.track('track', { messageId: 'one', userId: 'ada', event: 'Seen' });
    const [iterable] = workspace.destinations;
    const next = {
      ...workspace,
      sources: [...workspace.sources, { id: 'blog', writeKey: 'written-anew' }],
      destinations: [{ ...iterable, id: 'other', settings: { apiKey: 'secret-key' } }],
    };
    const planned = await plan(next);
    expect(planned.issues).toEqual([]);
    expect(planned.impact).toEqual([
      { destination: 'iterable', what: 'removed', lag: expect.any(Number), retrying: 0, deadLetters: 0 },
      { destination: 'other', what: 'added', lag: 0, retrying: 0, deadLetters: 0 },
    ]);
    expect(planned.text).toMatch(
      /^\+ sources\.blog .*\n- destinations\.iterable .*\n\+ destinations\.other /,
    );
    expect(JSON.stringify(planned)).not.toMatch(/written-anew|secret-key/);
    expect((await harness.admin('workspace')).body).toEqual(workspace);
  });

  it('reports why the change would be refused', async () => {
    const [iterable] = workspace.destinations;
    const wrong = [
      [{ ...workspace, destinations: [{ ...iterable, type: 'nothing' }] }, /^workspace_/],
      [
        { ...workspace, destinations: [{ ...iterable, mappings: [{ id: 'm', preset: 'nothing' }] }] },
        /^workspace_/,
      ],
      [{ sources: 7, destinations: null }, /^workspace_/],
      [
        {
          ...workspace,
          destinations: [{ ...iterable, settings: { ...iterable.settings, apiUrl: 'http://evil.example' } }],
        },
        /^workspace_secret_needed$/,
      ],
    ] as const;
    for (const [next, code] of wrong) {
      const { issues } = await plan(next);
      expect(issues[0]?.code).toMatch(code);
    }
  });

  it('is refused without a workspace, and allowed for readers', async () => {
    for (const body of [{}, { workspace: 7 }, { workspace: [] }, { workspace, more: 1 }]) {
      const { status } = await harness.admin('workspace/plan', { method: 'POST', body });
      expect([body, status]).toEqual([body, 400]);
    }
    const made = await harness.admin('tokens', { method: 'POST', body: { name: 'reader', role: 'read' } });
    const answer = await fetch(`${harness.server.url}/api/workspace/plan`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.body.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ workspace }),
    });
    expect(answer.status).toBe(200);
    expect((await fetch(`${harness.server.url}/api/about`)).status).toBe(401);
  });
});
