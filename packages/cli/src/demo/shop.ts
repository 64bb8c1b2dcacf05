import { createClient } from '@waybill/api';
import type { MappingConfig } from '@waybill/core';
import { shopMappings } from '@waybill/destinations';
import { createShopSandbox, STORY, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import { createEye, type Profile } from './eye.ts';
import { printProfiles } from './print.ts';
import { printJsonLine, printProse } from '../output/print.ts';
import { freePort } from '../ports.ts';
import { run, type Running } from '../start/start.ts';
import type { Settings } from '../settings.ts';

const SOURCE = 'shop';

/** Starts a local shop and a server that is connected with it, through its API and its webhooks. */
export async function lived(
  settings: Settings,
  platform: Platform,
  data: string | undefined,
): Promise<{ readonly running: Pick<Running, 'stop'>; readonly play: () => Promise<number> }> {
  // The shop gets its webhook URL before the server listens there.
  const given = settings.portGiven && settings.port !== 0;
  const port = given ? settings.port : await freePort(settings.port, settings.host);
  const webhookUrl = `http://${settings.host}:${port}/sources/${SOURCE}/webhook`;
  const shop = await createShopSandbox({ platform, webhookUrl, limits: false });
  try {
    const source = { id: SOURCE, name: 'Demo shop', type: platform, settings: shop.settings };
    const host = new URL(shop.url).host;
    const running = await run({ ...settings, port, data }, { source, host, mappings: mappingsFor });
    const stop = async (): Promise<void> => {
      await running.stop();
      await shop.close();
    };
    return { running: { stop }, play: () => play(settings, shop, running) };
  } catch (error) {
    await shop.close();
    throw error;
  }
}

/** The mappings for shops, with the list and the catalog that they name. */
async function mappingsFor(iterable: string): Promise<readonly MappingConfig[]> {
  const call = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'Api-Key': 'demo', 'content-type': 'application/json' };
    const answer = await fetch(iterable + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.json();
  };
  const { listId } = (await call('/api/lists', { name: 'Newsletter' })) as { readonly listId: number };
  // A running one may already have the catalog.
  await call('/api/catalogs/Products', {});
  const named = (key: string, value: unknown): unknown => (key === 'listId' ? listId : value);
  return JSON.parse(JSON.stringify(shopMappings), named) as readonly MappingConfig[];
}

async function play(settings: Settings, shop: ShopSandbox, { server, sandbox }: Running): Promise<number> {
  const say = settings.json ? () => undefined : (text: string) => printProse(text);
  say(`Waybill listens on ${server.url}; the local shop (${shop.platform}) is ${shop.url}.`);
  say(`The local Iterable is ${sandbox!.url} (${settings.projectType} project). The day:\n`);
  const admin = createClient(server.url, server.adminToken);
  const tells = new Map(STORY.map((step) => [step.name, step.tells]));
  const steps = await shop.play('all', async (name) => {
    say(`  ${tells.get(name)}`);
    // The day takes minutes: shorter polls for what webhooks do not report.
    await admin.post('/api/sources/:id/read', { params: { id: SOURCE }, body: { sweeps: true } });
    await server.idle();
  });
  const { groups } = await admin.get('/api/dead-letters/groups', {});
  const eye = createEye({ server: server.url, token: server.adminToken, sandbox: sandbox!.url });
  const profiles = await profilesOf(sandbox!.url, eye, settings);
  const { calls, webhooks } = shop.stats();
  if (settings.json) {
    printJsonLine({
      steps,
      calls,
      webhooks,
      profiles,
      deadLetters: groups.map(({ code, count }) => ({ code, count })),
    });
    return 0;
  }
  printProfiles(profiles);
  const asked = Object.entries(calls).reduce(
    (all, [name, count]) => (name.startsWith('in') ? all + count : all),
    0,
  );
  say(
    `The shop called its webhook ${webhooks.delivered + webhooks.failed} times, and received ${asked} requests.`,
  );
  for (const { mappingId, code, count, sample } of groups)
    say(`  ${count} not delivered by ${mappingId}: ${code}: ${sample.message}`);
  return 0;
}

/** The data of all users in Iterable. */
async function profilesOf(
  iterable: string,
  eye: ReturnType<typeof createEye>,
  { projectType }: Settings,
): Promise<readonly Profile[]> {
  const answer = await fetch(`${iterable}/_sandbox/state`);
  const { profiles } = (await answer.json()) as {
    readonly profiles: readonly { readonly email: string | null; readonly userId: string | null }[];
  };
  const found = await Promise.all(
    profiles.map(({ email, userId }) =>
      eye.profile(
        { userId: userId ?? undefined, email: email ?? undefined },
        userId === null ? 'email' : projectType,
      ),
    ),
  );
  return found.flatMap((one) => (one === undefined ? [] : [one]));
}
