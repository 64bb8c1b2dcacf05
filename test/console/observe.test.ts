import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

const SCRIPT = '<script>document.title = "run"</script>';

async function fill({ harness }: OpenConsole): Promise<void> {
  const order = (n: number, properties: object): object => ({
    type: 'track',
    event: 'Order Completed',
    userId: 'ada',
    messageId: `order-${n}`,
    properties,
  });
  const products = [{ product_id: 'p', name: 'Shoe', price: 20, quantity: 1 }];
  const batch = [
    order(1, { order_id: 'o1', total: 20, products }),
    order(2, { order_id: 'o2', total: 700, products }),
    order(3, {}),
    { type: 'track', event: SCRIPT, userId: SCRIPT, messageId: 'script', properties: { [SCRIPT]: SCRIPT } },
  ];
  await harness.track('batch', { batch });
  await harness.track('track', { userId: 'ada', messageId: 'bad' });
  await harness.server.idle();
}

(skipped ? describe.skip : describe)('observing', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
    await fill(open);
  }, 60_000);
  afterAll(() => open?.close());

  it('the overview counts the results, with the reasons of failures', async () => {
    const { page } = open;
    await open.go('/');
    const figure = (name: string): Promise<void> => page.getByRole('link', { name, exact: true }).waitFor();
    await figure('Events accepted 4');
    await figure('Items rejected 1');
    await figure('Events refused 1');
    const reasons = page.getByRole('region', { name: 'Why items were not delivered' });
    await reasons.getByText('payload_required').waitFor();
    await page.getByRole('row', { name: /iterable working/ }).waitFor();
    await page.getByText('Show as table').click();
    expect(await findings(open)).toEqual([]);
    await page.getByRole('link', { name: 'Items rejected 1' }).click();
    await page.getByRole('table').getByText('rejected').waitFor();
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('rejected');
  });

  it('shows where a trigger is invalid, with remedy and code', async () => {
    const { page } = open;
    await open.go(`/events?where=${encodeURIComponent('properties.total > ')}`);
    await page.getByText('trigger_syntax').waitFor();
    await page.getByText(/Correct the trigger at the marked character/).waitFor();
    expect(await findings(open)).toEqual([]);
  });

  it('shows new events when they arrive', async () => {
    const { page, harness } = open;
    await open.go('/events?tail=true');
    await page.getByRole('switch', { name: 'Live' }).waitFor();
    await page.getByRole('link', { name: 'Order Completed' }).first().waitFor();
    await harness.track('track', { messageId: 'tail-1', userId: 'ada', event: 'New here' });
    await page.getByRole('link', { name: 'New here' }).waitFor();
    await page.getByRole('row', { name: /New here delivered/ }).waitFor();
    expect(await findings(open)).toEqual([]);
    expectNoFaults(open);
  });

  it('shows the text of events as text, runs none of it, and has columns for any path', async () => {
    const { page } = open;
    await open.go('/events');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('textbox', { name: 'Path of the column' }).fill('properties.total');
    await page.getByRole('button', { name: 'Add column' }).click();
    expect(await findings(open)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'properties.total' }).waitFor();
    await page.getByRole('cell', { name: '700' }).waitFor();
    await page.getByRole('link', { name: SCRIPT }).click();
    await page.getByRole('heading', { level: 1, name: SCRIPT }).waitFor();
    expect(await page.title()).not.toBe('run');
    expectNoFaults(open);
  });

  it('shows an event of 32 KB with 64 levels, in the editor too', async () => {
    const { page, harness } = open;
    let deep: object = { end: SCRIPT };
    for (let level = 0; level < 61; level += 1) deep = { [`level${level}`]: deep };
    const event = { event: 'Deep', userId: 'ada', messageId: 'deep', properties: { deep, long: '' } };
    event.properties.long = 'x'.repeat(32_000 - JSON.stringify(event).length);
    expect((await harness.track('track', event)).status).toBe(200);
    await harness.server.idle();
    await open.go('/events/deep');
    await page.getByRole('heading', { level: 1, name: 'Deep' }).waitFor();
    await page.getByText('level60').first().waitFor();
    await open.go('/destinations/iterable/mappings/track-calls?sample=deep&tab=fields');
    await page.getByRole('region', { name: 'Sample event' }).getByText('level60').first().waitFor();
    await page.getByRole('region', { name: 'Result' }).getByText('The mapping matches this event.').waitFor();
    expect(await page.title()).not.toBe('run');
    expectNoFaults(open);
  });
});

(skipped ? describe.skip : describe)('observing in the dark', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole({ theme: 'dark', language: 'de-DE', width: 390 });
    await fill(open);
  }, 60_000);
  afterAll(() => open?.close());

  it('has no axe violation either, on a small screen and in another language', async () => {
    const { page } = open;
    await open.go('/events/order-3');
    await page.getByRole('button', { name: 'Warum?' }).click();
    await page.getByText('type = "identify" ✕').waitFor();
    expect(await findings(open)).toEqual([]);
    await open.go(`/events?where=${encodeURIComponent('properties.total > ')}`);
    await page.getByText('trigger_syntax').waitFor();
    await page.getByRole('button', { name: 'Gespeicherte Suchen' }).click();
    await page.getByRole('textbox', { name: 'Name der Suche' }).waitFor();
    expect(await findings(open)).toEqual([]);
    expectNoFaults(open);
  });
});
