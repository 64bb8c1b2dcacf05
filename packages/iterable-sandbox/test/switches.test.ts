import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultSwitches, describeSwitches } from '../src/model/switches.ts';
import { start, type Subject } from './harness.ts';

const oddId = async ({ post }: Subject) =>
  (await post('events/track', { userId: 'u', eventName: 'E', id: 'a_b' })).status;

describe('a reading of an open question', () => {
  it('can be chosen while the sandbox runs', async () => {
    const subject = await start();
    expect(await oddId(subject)).toBe(200);
    await subject.control('switches', { eventIdCharset: 'enforced' });
    expect(await oddId(subject)).toBe(400);
  });

  it('is refused when it does not exist', async () => {
    await expect(start({ switches: { retryAfter: 'maybe' } })).rejects.toThrow('cannot be "maybe"');
  });
});

describe('the README', () => {
  it('names every switch with all its readings, the default in bold', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
    for (const [name, { readings, point }] of Object.entries(describeSwitches(defaultSwitches()))) {
      const [first, ...others] = readings;
      expect(readme).toContain(`| ${point} | \`${name}\` |`);
      expect(readme).toContain(
        `| **\`${first}\`**, ${others.map((reading) => `\`${reading}\``).join(', ')} |`,
      );
    }
  });
});
