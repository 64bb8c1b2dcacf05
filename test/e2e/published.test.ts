import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as waybill } from '../../packages/cli/test/output/run.ts';
import { type Harness, openHarness } from './harness.ts';

const segment = import.meta.resolve('@waybill/segment');

/** A definition in the shape of Segment's framework, in a module: its calls go through a separate process. */
const MODULE = `
import { adaptDefinition } from ${JSON.stringify(segment)};
export const crm = adaptDefinition({
  name: 'CRM', slug: 'crm', mode: 'cloud', description: 'Keeps people.',
  authentication: {
    scheme: 'oauth2',
    fields: { url: { type: 'string', label: 'Address', description: 'Where it is.', required: true } },
    refreshAccessToken: async (request, { settings, auth }) => {
      const { data } = await request(settings.url + '/token', { method: 'post', json: { refresh: auth.refreshToken } });
      return { accessToken: data.token };
    },
  },
  extendRequest: ({ auth }) => ({ headers: { authorization: 'Bearer ' + auth.accessToken } }),
  onDelete: (request, { payload, settings }) => request(settings.url + '/people', { method: 'delete', json: payload }),
  audienceFields: { region: { type: 'string', label: 'Region', description: 'Where.', required: true } },
  audienceConfig: {
    mode: { type: 'synced', full_audience_sync: false },
    createAudience: async (request, { settings, audienceName, audienceSettings, personas }) => {
      const { data } = await request(settings.url + '/lists', {
        method: 'post', json: { name: audienceName, region: audienceSettings.region, of: personas.computation_id },
      });
      return { externalId: data.id };
    },
    getAudience: async (request, { settings, externalId }) => {
      await request(settings.url + '/lists/' + externalId);
      return { externalId };
    },
  },
  actions: {
    add: {
      title: 'Add', description: 'Adds a person.',
      defaultSubscription: 'type = "identify"',
      fields: {
        id: { type: 'string', label: 'ID', description: 'Who.', required: true, default: { '@path': '$.userId' } },
        group: { type: 'string', label: 'Group', description: 'Which group.', dynamic: true },
        traits: { type: 'object', label: 'Traits', description: 'What is known.', additionalProperties: true, dynamic: true },
        links: {
          type: 'object', multiple: true, label: 'Links', description: 'Related.',
          properties: { type: { type: 'string', label: 'Type', description: 'How.', dynamic: true } },
        },
      },
      dynamicFields: {
        group: async (request, { settings, payload, page, dynamicFieldContext }) => {
          const { data } = await request(settings.url + '/groups?page=' + (page ?? 1) + '&near=' + payload.id);
          return { choices: data.groups.map((value) => ({ label: 'Group ' + value, value })), nextPage: data.next };
        },
        traits: {
          __keys__: async () => ({ choices: [{ label: 'Plan', value: 'plan' }] }),
          __values__: async (request, { dynamicFieldContext }) => ({ choices: [{ label: 'Of ' + dynamicFieldContext.selectedKey, value: 1 }] }),
        },
        links: { type: async (request, { dynamicFieldContext, settings }) =>
          dynamicFieldContext.selectedArrayIndex > 4
            ? { choices: [], error: { code: '404', message: 'There are no more links.' } }
            : { choices: [{ label: 'Link ' + dynamicFieldContext.selectedArrayIndex, value: true }] } },
      },
      hooks: {
        onMappingSave: {
          label: 'Make a list', description: 'Makes a list to add to.',
          inputFields: {
            name: { type: 'string', label: 'Name', description: 'How it is called.', required: true },
            folder: {
              type: 'string', label: 'Folder', description: 'Where it is.',
              dynamic: async (request, { hookInputs }) => ({ choices: [{ label: 'For ' + hookInputs.name, value: 'f1' }] }),
            },
          },
          outputTypes: { id: { type: 'string', label: 'ID', description: 'Of the list.', required: true } },
          performHook: async (request, { settings, hookInputs }) => {
            const { data } = await request(settings.url + '/lists', { method: 'post', json: hookInputs });
            if (data.id === undefined) return { error: { code: '400', message: 'There is no room for ' + hookInputs.name + '.' } };
            return { successMessage: 'Made ' + hookInputs.name + '.', savedData: { id: data.id } };
          },
        },
      },
      perform: (request, { payload, settings, hookOutputs }) =>
        request(settings.url + '/people', { method: 'post', json: { ...payload, list: hookOutputs?.onMappingSave?.outputs?.id } }),
    },
    sync: {
      title: 'Sync', description: 'Puts a person on the list of an audience, or takes them off.',
      fields: {
        list: {
          type: 'string', label: 'List', description: 'Of the audience.', required: true,
          default: { '@path': '$.context.personas.external_audience_id' },
        },
        enable_batching: { type: 'boolean', label: 'Batch', description: 'Whether to batch.', default: true },
      },
      hooks: {
        retlOnMappingSave: {
          label: 'Make a table', description: 'Makes a table for rows.',
          inputFields: { name: { type: 'string', label: 'Name', description: 'How it is called.', required: true } },
          outputTypes: { id: { type: 'string', label: 'ID', description: 'Of the table.', required: true } },
          performHook: async (request, { settings, hookInputs }) => {
            const { data } = await request(settings.url + '/lists', { method: 'post', json: hookInputs });
            return { successMessage: 'Made ' + hookInputs.name + '.', savedData: { id: data.id } };
          },
        },
      },
      perform: (request, { payload, settings, hookOutputs }) =>
        request(settings.url + '/rows', { method: 'post', json: [payload.list, hookOutputs.retlOnMappingSave.outputs.id] }),
      performBatch: (request, { payload, settings, audienceMembership, audienceSettings, personasContext }) =>
        request(settings.url + '/members', {
          method: 'post', json: [payload.map(({ list }) => list), audienceMembership, audienceSettings, personasContext.external_audience_id],
        }),
    },
  },
});
`;

interface Call {
  readonly call: string;
  readonly body: unknown;
}

describe('a definition written for Segment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-published-'));
  const calls: Call[] = [];
  let token = 'old';
  /** Addresses of lists that were removed in Iterable. */
  const gone = new Set<string>();
  let lists = 0;
  let http: HttpServer;
  let harness: Harness;
  beforeAll(async () => {
    http = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        if (request.url === '/token') {
          response.end(JSON.stringify({ token }));
          return;
        }
        if (request.headers.authorization !== `Bearer ${token}`) {
          response.writeHead(401).end('{}');
          return;
        }
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        calls.push({ call: `${request.method} ${request.url}`, body });
        if (gone.has(request.url ?? '')) {
          response.writeHead(404).end('{}');
          return;
        }
        const { name } = (body ?? {}) as { readonly name?: string };
        if (request.url === '/lists' && name !== 'Too Much') {
          lists += 1;
          response.end(JSON.stringify({ id: `list-${lists}` }));
        } else if (request.url?.startsWith('/groups') === true) {
          const isFirst = request.url.includes('page=1&');
          response.end(JSON.stringify(isFirst ? { groups: ['a', 'b'], next: 2 } : { groups: ['c'] }));
        } else response.end('{}');
      });
    });
    await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    const module = join(folder, 'crm.mjs');
    writeFileSync(module, MODULE);
    harness = await openHarness({
      server: { destinations: [module], allowedHosts: [host] },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          {
            id: 'crm',
            type: 'crm',
            settings: { url: `http://${host}`, oauth_access_token: 'old', oauth_refresh_token: 'r' },
            mappings: [
              {
                id: 'add',
                action: 'add',
                trigger: 'type = "identify"',
                mapping: { id: { '@path': '$.userId' } },
              },
              {
                id: 'sync',
                action: 'sync',
                trigger: 'type = "track"',
                dialect: 'segment',
                mapping: {
                  list: { '@path': '$.context.personas.external_audience_id' },
                  enable_batching: true,
                },
              },
            ],
          },
        ],
      }),
    });
  });
  afterAll(async () => {
    await harness.close();
    http.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: object) => harness.admin(path, { method: 'POST', body });

  it('deletes a user named by an ID, with a token renewed for it, and reports when it cannot', async () => {
    token = 'new';
    const who = { userId: 'ada', anonymousId: 'browser-1' };
    const { body } = await post('deletions', who);
    expect(body).toEqual([{ destination: 'crm', outcome: { status: 'delivered' } }]);
    expect(calls.splice(0)).toEqual([{ call: 'DELETE /people', body: who }]);
    const unnamed = await post('deletions', { email: 'ada@example.com' });
    expect(unnamed.body).toMatchObject([
      { outcome: { status: 'rejected', code: 'deletion_identifier_missing' } },
    ]);
    const [definition] = ((await harness.admin('definitions')).body as { slug: string }[]).filter(
      ({ slug }) => slug === 'crm',
    );
    expect(definition).toMatchObject({ deletesUsers: true });
  });

  const AT = 'destinations/crm/mappings/listed';
  const draft = async (inputs: object) => {
    const mapping = { id: { '@path': '$.userId' }, onMappingSave: { inputs } };
    const body = { action: 'add', trigger: 'type = "identify"', mapping };
    return harness.admin(`${AT}/draft`, { method: 'PUT', body });
  };
  const madeOf = async (messageId: string) => {
    await harness.track('identify', { messageId, userId: messageId });
    await harness.server.idle();
    return calls.splice(0).map(({ body }) => (body as { list?: string }).list);
  };

  it('runs a hook once when its mapping is published, and passes its outputs to the action', async () => {
    calls.splice(0);
    const unknown = await draft({ nam: 'Friends' });
    expect(unknown.body.issues.map(({ code, path }: { code: string; path: string }) => [code, path])).toEqual(
      [
        ['mapping_unknown_field', expect.stringMatching(/\.mapping\.onMappingSave\.inputs\.nam$/)],
        ['mapping_value_invalid', expect.stringMatching(/\.mapping\.onMappingSave\.inputs\.name$/)],
      ],
    );
    expect((await post(`${AT}/draft/publish`, {})).status).toBe(400);
    expect(calls).toEqual([]);

    await draft({ name: 'Too Much' });
    const refused = await post(`${AT}/draft/publish`, {});
    expect([refused.status, refused.body.error]).toMatchObject([
      400,
      {
        code: 'mapping_hook_failed',
        message: 'There is no room for Too Much.',
        issues: [{ path: 'mapping.onMappingSave' }],
      },
    ]);
    expect((await harness.admin(AT)).status).toBe(404);

    calls.splice(0);
    await draft({ name: 'Friends' });
    const both = await Promise.all([post(`${AT}/draft/publish`, {}), post(`${AT}/draft/publish`, {})]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(calls.splice(0)).toEqual([{ call: 'POST /lists', body: { name: 'Friends' } }]);
    const { mapping } = (await harness.admin(AT)).body;
    expect(mapping.onMappingSave).toMatchObject({
      inputs: { name: 'Friends' },
      outputs: { id: 'list-1' },
      message: 'Made Friends.',
    });
    expect(await madeOf('one')).toEqual([undefined, 'list-1']);
  });

  it('runs it again when its inputs change, or on request, and not for other changes', async () => {
    const publish = () => post(`${AT}/draft/publish`, {});
    const { body: live } = await harness.admin(AT);
    const renamed = { action: 'add', trigger: live.trigger, name: 'Renamed', mapping: live.mapping };
    await harness.admin(`${AT}/draft`, { method: 'PUT', body: renamed });
    expect((await publish()).status).toBe(200);
    expect(calls.splice(0)).toEqual([]);
    const changed = {
      ...live.mapping,
      onMappingSave: { ...live.mapping.onMappingSave, inputs: { name: 'Foes' } },
    };
    await harness.admin(`${AT}/draft`, { method: 'PUT', body: { ...renamed, mapping: changed } });
    expect((await publish()).body.mapping.onMappingSave).toMatchObject({ outputs: { id: 'list-2' } });
    const again = await post(`${AT}/hooks/onMappingSave`, {});
    expect(again.body.mapping.mapping.onMappingSave).toMatchObject({ outputs: { id: 'list-3' } });
    calls.splice(0);
    expect(await madeOf('two')).toEqual([undefined, 'list-2']);
    expect((await publish()).status).toBe(200);
    expect(await madeOf('three')).toEqual([undefined, 'list-3']);
    expect((await post(`${AT}/hooks/retlOnMappingSave`, {})).body.error.code).toBe('mapping_hook_failed');
    expect((await post(`${AT}/hooks/onDelete`, {})).body.error.code).toBe('request_invalid');
    const { body: versions } = await harness.admin(`${AT}/versions`);
    const first = await harness.admin(
      `${AT}/versions/${(versions as { version: number }[]).at(-1)!.version}`,
    );
    expect(first.body.content.mapping.onMappingSave.outputs).toEqual({ id: 'list-1' });
  });

  it('runs the hook of reverse ETL equally', async () => {
    const at = 'destinations/crm/mappings/rows';
    const hook = { inputs: { name: 'Rows' } };
    const mapping = { list: 'l', enable_batching: false, retlOnMappingSave: hook };
    const body = { action: 'sync', trigger: 'event = "new"', mapping };
    await harness.admin(`${at}/draft`, { method: 'PUT', body });
    const { body: published } = await post(`${at}/draft/publish`, {});
    const made = published.mapping.retlOnMappingSave;
    expect(made).toMatchObject({ ...hook, outputs: { id: expect.stringMatching(/^list-/) } });
    calls.splice(0);
    await harness.track('track', { messageId: 'row', userId: 'u', event: 'new' });
    await harness.server.idle();
    expect(calls).toContainEqual({ call: 'POST /rows', body: ['l', made.outputs.id] });
    await harness.admin(at, { method: 'DELETE' });
  });

  it('offers choices of fields, of members, of items of lists and of hooks, with pages and a search', async () => {
    const choices = async (field: string, more: object = {}) =>
      (await post('destinations/crm/choices', { action: 'add', field, ...more })).body;
    calls.splice(0);
    const near = { payload: { id: 'ada' } };
    expect(await choices('group', near)).toMatchObject({
      choices: [
        { label: 'Group a', value: 'a' },
        { label: 'Group b', value: 'b' },
      ],
      nextPage: '2',
    });
    expect((await choices('group', { ...near, page: '2' })).choices).toEqual([
      { label: 'Group c', value: 'c' },
    ]);
    expect((await choices('group', { ...near, query: 'B' })).choices).toEqual([
      { label: 'Group b', value: 'b' },
    ]);
    expect(calls.map(({ call }) => call).slice(0, 2)).toEqual([
      'GET /groups?page=1&near=ada',
      'GET /groups?page=2&near=ada',
    ]);
    const before = calls.length;
    const kept = await choices('group', near);
    expect([calls.length, (await choices('group', near)).readAt]).toEqual([before, kept.readAt]);
    const again = await choices('group', { ...near, fresh: true });
    expect([calls.length, again.choices]).toEqual([before + 1, kept.choices]);
    expect(again.readAt).toBeGreaterThanOrEqual(kept.readAt);
    const three = await Promise.all(['1', '2', '3'].map(() => choices('group', { payload: { id: 'bob' } })));
    expect(calls.length).toBe(before + 2);
    expect(new Set(three.map(({ readAt }) => readAt)).size).toBe(1);
    expect((await choices('traits.__keys__')).choices).toEqual([{ label: 'Plan', value: 'plan' }]);
    expect((await choices('traits.plan')).choices).toEqual([{ label: 'Of plan', value: 1 }]);
    expect((await choices('links[2].type')).choices).toEqual([{ label: 'Link 2', value: 'true' }]);
    expect((await choices('links[5].type')).error).toMatchObject({ message: 'There are no more links.' });
    const hook = { hook: 'onMappingSave', inputs: { name: 'Friends' } };
    expect((await choices('folder', hook)).choices).toEqual([{ label: 'For Friends', value: 'f1' }]);
    expect((await choices('links.no')).error.code).toBe('request_not_found');
    const { actions } = (
      (await harness.admin('definitions')).body as { slug: string; actions: object[] }[]
    ).find(({ slug }) => slug === 'crm')!;
    expect(actions[0]).toMatchObject({
      dynamicFields: ['group', 'traits.__keys__', 'traits.__values__', 'links.type'],
      hooks: {
        onMappingSave: {
          label: 'Make a list',
          fields: { name: { required: true } },
          outputs: { id: { type: 'string' } },
          dynamicFields: ['folder'],
        },
      },
    });
  });

  /** An event of an audience, as Segment sends it. */
  const member = (messageId: string, key: string, is: boolean, settings: object) => ({
    messageId,
    userId: `member-${messageId}`,
    event: is ? 'Audience Entered' : 'Audience Exited',
    properties: { [key]: is },
    context: {
      personas: {
        computation_class: 'audience',
        computation_id: `aud_${key}`,
        computation_key: key,
        audience_settings: settings,
      },
    },
  });

  it('says when it expects members of its audiences', async () => {
    const definitions = (await harness.admin('definitions')).body as {
      slug: string;
      audienceMode?: object;
    }[];
    const { audienceMode } = definitions.find(({ slug }) => slug === 'crm')!;
    expect(audienceMode).toEqual({ type: 'synced', fullSync: false });
  });

  it('creates an audience once, and passes its ID to mapping and action', async () => {
    calls.splice(0);
    const region = { region: 'eu' };
    const batch = [1, 2, 3].map((n) => ({ type: 'track', ...member(`in-${n}`, 'vip', n < 3, region) }));
    await harness.track('batch', { batch });
    await harness.server.idle();
    const [made, ...sent] = calls.splice(0);
    const id = `list-${lists}`;
    expect(made).toEqual({ call: 'POST /lists', body: { name: 'vip', region: 'eu', of: 'aud_vip' } });
    expect(sent).toEqual([
      {
        call: 'POST /members',
        body: [[id, id, id], [true, true, false], region, id],
      },
    ]);
    await harness.track('track', member('in-4', 'vip', true, region));
    await harness.track('track', member('in-5', 'bare', true, {}));
    await harness.track('track', member('in-6', 'wrong', true, { region: { no: 'text' } }));
    await harness.server.idle();
    const bodies = calls.splice(0).map(({ call, body }) => [call, body]);
    expect(bodies).toContainEqual(['POST /members', [[id], [true], region, id]]);
    expect(bodies).toContainEqual(['POST /lists', { name: 'bare', of: 'aud_bare' }]);
    expect(bodies.filter(([call]) => call === 'POST /lists')).toHaveLength(1);
    const { body: letters } = await harness.admin('dead-letters');
    expect(JSON.stringify(letters)).toContain('audience_settings');
    await harness.restart();
    await harness.track('track', member('in-7', 'vip', false, region));
    await harness.server.idle();
    expect(calls.splice(0)).toEqual([
      { call: `GET /lists/${id}` },
      { call: 'POST /members', body: [[id], [false], region, id] },
    ]);
    await harness.track('track', member('in-8', 'vip', false, region));
    await harness.server.idle();
    expect(calls.splice(0)).toEqual([{ call: 'POST /members', body: [[id], [false], region, id] }]);
  });

  it('checks once whether an audience still exists, and follows the decision of a person if not', async () => {
    const region = { region: 'eu' };
    const { body: kept } = await harness.admin('destinations/crm/audiences');
    expect(kept).toMatchObject([
      { id: 'aud_bare', key: 'bare' },
      { id: 'aud_vip', key: 'vip', at: expect.any(Number) },
    ]);
    const { externalId: id } = kept[1];
    gone.add(`/lists/${id}`);
    await harness.restart();
    calls.splice(0);
    await harness.track('track', member('in-9', 'vip', true, region));
    await harness.server.idle();
    expect(calls.splice(0)).toEqual([{ call: `GET /lists/${id}` }]);
    const letters = async () => (await harness.admin('dead-letters?destination=crm')).body;
    expect(JSON.stringify(await letters())).toContain('destination_audience_gone');

    const at = ['--url', harness.server.url, '--token', harness.server.adminToken];
    const command = async (...args: string[]) => waybill('audience', ...args, ...at);
    expect((await command('forget', 'crm', 'aud_vip')).out).not.toContain('aud_vip');
    expect((await command('forget', 'crm', 'aud_vip')).err).toContain('request_not_found');
    await harness.track('track', member('in-10', 'vip', true, region));
    await harness.server.idle();
    const made = `list-${lists}`;
    expect(calls.splice(0)).toEqual([
      { call: 'POST /lists', body: { name: 'vip', region: 'eu', of: 'aud_vip' } },
      { call: 'POST /members', body: [[made], [true], region, made] },
    ]);
    expect((await command('ids', 'crm')).out).toMatch(new RegExp(`aud_vip +vip +${made} +created`));

    // An ID set by a person is used unchanged.
    expect((await command('set', 'crm', 'aud_vip', id)).out).toMatch(new RegExp(`aud_vip +vip +${id} +set`));
    await harness.track('track', member('in-11', 'vip', true, region));
    await harness.server.idle();
    expect(calls.splice(0)).toEqual([{ call: 'POST /members', body: [[id], [true], region, id] }]);
    const changes = JSON.stringify((await harness.admin('audit')).body);
    expect(changes).toContain('set the ID of the audience aud_vip at crm');
    expect((await command('ids', 'nowhere')).err).toContain('There is no destination "nowhere"');
  });
});
