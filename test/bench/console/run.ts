/**
 * Measures the console against bounds that are ratios, so that they hold on any machine.
 *
 *     npm run bench:console -- --minutes 30
 *     npm run bench:console -- --only pages,latency --rounds 3
 */
import { parseArgs } from 'node:util';
import { openHarness } from '../../e2e/harness.ts';
import { openBrowser } from '../../e2e/page.ts';
import { latency, lists, tailing } from './lists.ts';
import { keystroke, pages, publishing } from './pages.ts';
import { type Finding, send, type Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    minutes: { type: 'string', default: '30' },
    events: { type: 'string', default: '100000' },
  },
});

const MEASUREMENTS: Readonly<Record<string, (stage: Stage) => Promise<readonly Finding[]>>> = {
  pages,
  keystroke,
  publishing,
  latency,
  lists: (stage) => lists(stage, Number(values.events)),
  tailing,
};

const wanted = values.only?.split(',') ?? Object.keys(MEASUREMENTS);
const browser = await openBrowser();
if (browser === undefined) throw new Error('Measuring the console needs a Chromium.');
const harness = await openHarness();
const stage: Stage = { harness, browser, rounds: Number(values.rounds), minutes: Number(values.minutes) };
try {
  await send(stage, 100, 'first');
  await harness.server.idle();
  for (const name of wanted) {
    const measure = MEASUREMENTS[name];
    if (measure === undefined) throw new Error(`There is no measurement "${name}".`);
    for (const finding of await measure(stage)) {
      const isKept = finding.value <= finding.most;
      const { name: what, value, most, from } = finding;
      console.log(
        `${isKept ? 'ok  ' : 'OVER'} ${what}: ${value.toFixed(2)}, at most ${most.toFixed(2)} (${from})`,
      );
      if (!isKept) process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await harness.close();
}
