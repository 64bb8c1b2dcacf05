import { describe, expect, it } from 'vitest';
import { resolve } from 'node:path';
import { diffDefinitions } from '@waybill/definitions';
import { lastRelease, readVersion } from '@waybill/definitions/files';

const root = resolve(import.meta.dirname, '../..');

/** Breaking changes intended for the next release: `destination path`, with the reason. */
const MEANT: readonly string[] = [];

describe('the definitions since the last release', () => {
  const release = lastRelease(root);

  it(`break nobody (${release ?? 'no release yet: nothing to compare with'})`, async () => {
    if (release === undefined) return;
    const changes = diffDefinitions(await readVersion(release), await readVersion(root));
    const breaking = changes
      .filter(({ level }) => level === 'breaking')
      .map(({ destination, path }) => `${destination} ${path}`);
    expect(breaking.filter((one) => !MEANT.includes(one))).toEqual([]);
  });

  it('are equal to themselves', async () => {
    expect(diffDefinitions(await readVersion(root), await readVersion(root))).toEqual([]);
  });
});
