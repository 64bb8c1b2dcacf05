import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DayEvent, readDay, sendDay } from './day.ts';
import { createEye, type EventStory, type Outcome } from './eye.ts';
import { printCustomers, printRejections, printSummary } from './print.ts';
import { lived } from './shop.ts';
import { portOrFree } from '../ports.ts';
import { run, type Running } from '../start/start.ts';
import { stopSignal } from '../stop-signal.ts';
import type { Settings } from '../settings.ts';
import { printJsonLine, printProse } from '../output/print.ts';
import { showProgress, showWaiting } from '../output/progress.ts';

/**
 * `waybill demo`: starts what `waybill start --demo` starts, plays a recorded shopping day, and shows the resulting data in Iterable.
 * Returns 0 when every event has the outcome in the recording. With a shop the day happens in a local shop, which is connected like a
 * real one.
 */
export async function demo(settings: Settings): Promise<number> {
  const stopped = stopSignal();
  const scratch = settings.data === undefined ? mkdtempSync(join(tmpdir(), 'waybill-demo-')) : undefined;
  const data = settings.data ?? scratch;
  try {
    // The demo is independent of a running server: another folder, and free ports.
    const playing =
      settings.shop === undefined ? recorded(settings, data) : lived(settings, settings.shop, data);
    const { running, play: begin } = await playing;
    try {
      return await Promise.race([begin(), stopped.then(() => STOPPED)]);
    } finally {
      await running.stop();
    }
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

/** A started demo. */
interface Playing {
  readonly running: Pick<Running, 'stop'>;
  readonly play: () => Promise<number>;
}

async function recorded(settings: Settings, data: string | undefined): Promise<Playing> {
  const port = settings.portGiven ? settings.port : await portOrFree(settings.port, settings.host);
  const running = await run({ ...settings, port, data });
  return { running, play: () => play(settings, running) };
}

/** The exit code of a stopped command. */
const STOPPED = 130;

async function play(settings: Settings, { server, sandbox }: Running): Promise<number> {
  const say = settings.json ? () => undefined : (text: string) => printProse(text);
  say(
    `Waybill listens on ${server.url}; the local Iterable is ${sandbox!.url} (${settings.projectType} project).`,
  );
  if (new URL(server.url).port !== String(settings.port) && settings.port !== 0)
    say(`Port ${settings.port} is in use by another server, which keeps running.`);
  const events = readDay();
  say(`Playing a shopping day of ${events.length} calls ...`);
  const sending = showProgress(events.length, 'calls');
  const played = await sendDay(server.url, 'demo', events, sending.step);
  sending.stop();
  for (const failure of played.failed) say(`  not sent: ${failure.messageId}: ${failure.reason}`);
  say(`Sent ${played.sent}. Waiting until every event has its outcome ...`);
  const arrived = showWaiting('Waiting for outcomes');
  await server.idle();
  arrived();

  const eye = createEye({ server: server.url, token: server.adminToken, sandbox: sandbox!.url });
  const stories = new Map<string, EventStory>();
  for (const { messageId } of events) {
    if (!stories.has(messageId)) stories.set(messageId, await eye.story(messageId));
  }
  if (!settings.json) {
    await printCustomers(events, eye, settings.projectType);
    printRejections(events, stories);
  }
  const surprises = settings.projectType === 'hybrid' ? findSurprises(events, stories) : undelivered(stories);
  if (settings.json) {
    const outcomes = [...stories].map(([messageId, story]) => ({ messageId, outcomes: story.outcomes }));
    printJsonLine({ sent: played.sent, failed: played.failed, surprises, events: outcomes });
  } else printSummary(stories, surprises);
  return surprises.length === 0 && played.failed.length === 0 ? 0 : 1;
}

/** Finds outcomes that differ from the recording. */
function findSurprises(events: readonly DayEvent[], stories: ReadonlyMap<string, EventStory>): string[] {
  const surprises: string[] = [];
  for (const event of events) {
    const outcomes = stories.get(event.messageId)?.outcomes ?? [];
    const expected = event.expect ?? { '*': 'delivered' };
    if (outcomes.length === 0) surprises.push(`${event.messageId}: no outcome`);
    for (const outcome of outcomes) {
      const wanted = expected[outcome.action ?? '*'] ?? expected['*'] ?? 'delivered';
      if (nameOf(outcome, wanted) !== wanted) {
        surprises.push(
          `${event.messageId}: ${nameOf(outcome, wanted)} instead of ${wanted} (${outcome.message ?? ''})`,
        );
      }
    }
  }
  return surprises;
}

/** The recording expects results for a hybrid project; in the others, only items without any outcome are reported. */
function undelivered(stories: ReadonlyMap<string, EventStory>): string[] {
  return [...stories]
    .filter(([, story]) => story.outcomes.length === 0)
    .map(([messageId]) => `${messageId}: no outcome`);
}

/** An outcome in the notation of the recording: `delivered`, a code, or `code:field` where the recording names a field. */
function nameOf(outcome: Outcome, wanted: string): string {
  if (outcome.status === 'delivered') return 'delivered';
  const code = outcome.code ?? outcome.status;
  return wanted.includes(':') && outcome.field !== undefined ? `${code}:${outcome.field}` : code;
}
