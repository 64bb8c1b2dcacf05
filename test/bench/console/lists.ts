import type { Page } from 'playwright-core';
import { type Finding, median, middle, openSignedIn, send, type Stage, untilThere } from './stage.ts';

const ROW = '[role=rowgroup] [role=row]';

/** Events that are sent to see how many there are a second. */
const RATED = 20_000;

/** The list of events with `many` of them, against the list with the hundred that were there before. */
export async function lists(stage: Stage, many: number): Promise<readonly Finding[]> {
  const few = await untilRows(stage);
  await send(stage, many, 'many');
  await stage.harness.server.idle();
  const all = await untilRows(stage);
  const { context, page } = await openSignedIn(stage, '/events');
  await page.locator(ROW).first().waitFor();
  const { frames, slow } = await scrolled(page);
  await context.close();
  return [
    {
      name: `list of ${many} events against 100, first row`,
      value: all / few,
      most: 1.3,
      from: `${all.toFixed(0)} ms against ${few.toFixed(0)} ms`,
    },
    {
      name: 'scroll frames over 50 ms, in 100',
      value: (slow / frames) * 100,
      most: 1,
      from: `${frames} frames`,
    },
  ];
}

function untilRows(stage: Stage): Promise<number> {
  return median(stage.rounds, async () => {
    const { context, page } = await openSignedIn(stage, '/events');
    const time = await untilThere(page, ROW);
    await context.close();
    return time;
  });
}

/** Scrolls through what is loaded, and counts the frames that came late. */
function scrolled(page: Page): Promise<{ readonly frames: number; readonly slow: number }> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const scroller = document.querySelector('[role=table]')!.parentElement!;
        let [frames, slow, before] = [0, 0, performance.now()];
        const next = (now: number): void => {
          frames += 1;
          if (now - before > 50) slow += 1;
          before = now;
          scroller.scrollTop += 400;
          if (frames < 300) requestAnimationFrame(next);
          else resolve({ frames, slow });
        };
        requestAnimationFrame(next);
      }),
  );
}

/** Milliseconds between two rows. */
const BETWEEN = 150;

/** From the request with an event to its row, against the request and a look at the event. */
export async function latency(stage: Stage): Promise<readonly Finding[]> {
  const { harness, rounds } = stage;
  let sent = 0;
  const once = (name: string): Promise<unknown> =>
    harness.track('track', { userId: 'ada', event: name, messageId: name });
  const bare = await median(rounds, async () => {
    const began = performance.now();
    const name = `looked-${(sent += 1)}`;
    await once(name);
    await harness.admin(`events/${name}`);
    return performance.now() - began;
  });
  const { context, page } = await openSignedIn(stage, '/events?tail=true');
  await page.locator(ROW).first().waitFor();
  const row = await median(rounds, async () => {
    // One row at a time: the server drops some of many simultaneous ones.
    await page.waitForTimeout(BETWEEN);
    const name = `tailed-${(sent += 1)}`;
    const watched = await page.evaluateHandle(
      (wanted) => ({
        shown: new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (![...document.links].some(({ textContent }) => textContent === wanted)) return;
            observer.disconnect();
            resolve(performance.timeOrigin + performance.now());
          });
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
      }),
      name,
    );
    const began = performance.timeOrigin + performance.now();
    await once(name);
    return (await watched.evaluate(({ shown }) => shown)) - began;
  });
  await context.close();
  const from = `${row.toFixed(0)} ms against ${bare.toFixed(0)} ms`;
  return [{ name: 'event to its row in the tail', value: row / bare, most: 3, from }];
}

/** The rate of events of the live tail, and the memory of the page after some minutes. */
export async function tailing(stage: Stage): Promise<readonly Finding[]> {
  const { minutes, rounds } = stage;
  const { context, page } = await openSignedIn(stage, '/events?tail=true');
  await page.locator(ROW).first().waitFor();
  const tail = page.getByRole('switch', { name: 'Live' });
  let run = 0;
  const rate = async (isFollowed: boolean): Promise<number> => {
    await tail.setChecked(isFollowed);
    await stage.harness.server.idle();
    await page.waitForTimeout(1_500);
    const began = performance.now();
    await send(stage, RATED, `rate-${(run += 1)}`);
    return (RATED * 1_000) / (performance.now() - began);
  };
  await rate(false);
  const [alone, followed]: [number[], number[]] = [[], []];
  // One after the other: a machine is not as quick at one time as at another.
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await rate(false));
    followed.push(await rate(true));
  }
  const early = Math.min(3, minutes / 10);
  await follow(stage, early, 'early');
  const first = await heap(page);
  await follow(stage, minutes - early, 'late');
  const last = await heap(page);
  await context.close();
  return [
    {
      name: 'events a second without a tail against with one',
      value: middle(alone) / middle(followed),
      most: 1 / 0.95,
      from: `${middle(followed).toFixed(0)} with, ${middle(alone).toFixed(0)} without`,
    },
    {
      name: `heap after ${minutes} minutes of tail against ${early}`,
      value: last / first,
      most: 1.2,
      from: `${(last / 1e6).toFixed(1)} MB against ${(first / 1e6).toFixed(1)} MB`,
    },
  ];
}

async function follow(stage: Stage, minutes: number, name: string): Promise<void> {
  const until = performance.now() + minutes * 60_000;
  for (let at = 0; performance.now() < until; at += 1) {
    await send(stage, 50, `${name}-${at}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** The heap of the page in bytes after garbage collection. */
async function heap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}
