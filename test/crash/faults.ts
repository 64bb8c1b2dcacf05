import { between } from './dice.ts';

/**
 * Draws random faults of the destination for a while: refusals, slow answers, broken connections, answers that break off, each before
 * or after the write was applied. A slow write is applied when it arrives: one that is applied after the end of its sender overwrites
 * the writes of the next process, and no client can prevent that.
 */
export function drawFaults(dice: () => number): readonly unknown[] {
  const match = { path: '/api/*' };
  const probability = 0.1 + dice() * 0.5;
  const after = dice() < 0.5;
  const rules = [
    // Few of these: the sender slows down for a good while, as it should, and there would be little to kill.
    { match, probability, kind: 'status', status: 429, times: 2 },
    { match, probability, kind: 'status', status: 429, times: 2, headers: { 'retry-after': '1' } },
    { match, probability, kind: 'status', status: 500, after },
    { match, probability, kind: 'status', status: 503, after, body: 'Bad gateway' },
    { match, probability, kind: 'slow', delayMs: between(dice, 20, 400), after: true },
    { match, probability, kind: 'reset', after },
    { match, probability, kind: 'half' },
    { match, probability, kind: 'timeout', delayMs: between(dice, 50, 300), after },
  ];
  const wanted = between(dice, 0, 3);
  return Array.from({ length: wanted }, () => rules[between(dice, 0, rules.length - 1)]!);
}

/** Sets the faults of the sandbox. */
export async function setFaults(sandbox: string, rules: readonly unknown[]): Promise<void> {
  const answer = await fetch(`${sandbox}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rules),
  });
  if (!answer.ok) throw new Error(`The sandbox refused the faults: ${await answer.text()}`);
}
