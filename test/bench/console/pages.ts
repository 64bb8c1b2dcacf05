import { type Finding, firstPaint, median, middle, openSignedIn, type Stage, untilThere } from './stage.ts';

const EDITOR = '/destinations/iterable/mappings/track-calls';

/** The load times of pages, relative to an empty page of the same server. */
export async function pages(stage: Stage): Promise<readonly Finding[]> {
  const { rounds, browser, harness } = stage;
  const bare = await median(rounds, async () => {
    const page = await browser.newPage();
    await page.goto(`${harness.server.url}/readyz`);
    const time = await firstPaint(page);
    await page.close();
    return time;
  });
  const cold = (
    path: string,
    time: (page: Awaited<ReturnType<typeof openSignedIn>>['page']) => Promise<number>,
  ) =>
    median(rounds, async () => {
      const { context, page } = await openSignedIn(stage);
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.clearBrowserCache');
      await page.goto(`${harness.server.url}/console${path}`);
      const taken = await time(page);
      await context.close();
      return taken;
    });
  const overview = await cold('/', firstPaint);
  const editor = await cold(EDITOR, (page) => untilThere(page, '[role=tab]'));
  return [
    against('first paint of the Overview', overview, bare, 4),
    against('mapping editor ready, cold', editor, bare, 8),
  ];
}

/** From a keystroke in the trigger to every preview of it, in frames of the browser. */
export async function keystroke(stage: Stage): Promise<readonly Finding[]> {
  const { context, page } = await openSignedIn(stage, EDITOR);
  const trigger = page.getByRole('textbox', { name: 'Trigger', exact: true });
  await trigger.fill('type = "track" and properties.price > 20');
  await page
    .getByText(/true in \d+ of/)
    .first()
    .waitFor();
  let price = 20;
  const frames = await median(stage.rounds, async () => {
    price += 7;
    await page.evaluate(() => {
      const seen = { frames: 0, last: 0 };
      Object.assign(window, { seen });
      addEventListener(
        'input',
        () => {
          const count = (): void => void ((seen.frames += 1), requestAnimationFrame(count));
          requestAnimationFrame(count);
          // The state of saving is shown elsewhere on the page.
          for (const shown of document.querySelectorAll('[role=tabpanel], [role=region]')) {
            new MutationObserver(() => (seen.last = seen.frames)).observe(shown, {
              subtree: true,
              childList: true,
              characterData: true,
            });
          }
        },
        { once: true, capture: true },
      );
    });
    await trigger.fill(`type = "track" and properties.price > ${price}`);
    await page.waitForTimeout(1_500);
    return page.evaluate(() => (window as unknown as { seen: { last: number } }).seen.last);
  });
  await context.close();
  return [{ name: 'keystroke to all previews, frames', value: frames, most: 3, from: '100 events at hand' }];
}

/** Publishing in the console, against the call that it makes. */
export async function publishing(stage: Stage): Promise<readonly Finding[]> {
  const { harness, rounds } = stage;
  const path = 'destinations/iterable/mappings/track-calls';
  let version = 0;
  const draft = async (): Promise<void> => {
    version += 1;
    const mapping = (await harness.admin(path)).body as Readonly<Record<string, unknown>>;
    const { action, trigger, mapping: fields } = mapping;
    const body = { action, trigger, mapping: fields, name: `Track calls ${version}` };
    await harness.admin(`${path}/draft`, { method: 'PUT', body });
  };
  const call = async (): Promise<number> => {
    await draft();
    const began = performance.now();
    const { status } = await harness.admin(`${path}/draft/publish`, { method: 'POST', body: {} });
    if (status !== 200) throw new Error(`The server answered ${status}.`);
    return performance.now() - began;
  };
  const { context, page } = await openSignedIn(stage, `/${path}`);
  const click = async (): Promise<number> => {
    await draft();
    await page.reload();
    await page.getByText('Draft saved').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    const answered = page.waitForResponse((response) => response.url().endsWith('/publish'));
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    const response = await answered;
    await response.finished();
    const { requestStart, responseEnd } = response.request().timing();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    return responseEnd - requestStart;
  };
  // Alternating: the duration of a call varies from minute to minute.
  const bares: number[] = [];
  const console = await median(rounds, async () => {
    bares.push(await call());
    return click();
  });
  const bare = middle(bares);
  await context.close();
  return [against('publish', console, bare, 1.5)];
}

function against(name: string, value: number, bare: number, most: number): Finding {
  return { name, value: value / bare, most, from: `${value.toFixed(1)} ms against ${bare.toFixed(1)} ms` };
}
