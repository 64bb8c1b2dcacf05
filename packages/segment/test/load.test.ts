import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { adaptDefinition, listDefinitions, loadDefinition, startingMappings } from '@waybill/segment';

const script = fileURLToPath(new URL('./load-all.ts', import.meta.url));

interface Numbers {
  readonly list: { readonly count: number; readonly milliseconds: number };
  readonly one: { readonly slug: string; readonly milliseconds: number; readonly megabytes: number };
  readonly all: {
    readonly actions: number;
    readonly modes: number;
    readonly presets: number;
    readonly milliseconds: number;
  };
  readonly wrong: readonly string[];
}

describe('published definitions', () => {
  it('load, all of them, each by its slug', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--conditions=source', script]);
    const numbers = JSON.parse(stdout) as Numbers;
    process.stdout.write(`all published definitions load: ${stdout}\n`);
    expect(numbers.wrong).toEqual([]);
    expect(numbers.list.count).toBe(214);
    // Eight presets are for actions that run in browsers only.
    expect(numbers.all).toMatchObject({ actions: 601, modes: 29, presets: 539 });
    expect(numbers.one.milliseconds).toBeLessThan(numbers.all.milliseconds / 3);
  }, 60_000);

  it('are listed with their requirements and their corrections', () => {
    const list = listDefinitions();
    const found = (slug: string): (typeof list)[number] | undefined => list.find((one) => one.slug === slug);
    expect(found('actions-kafka')?.needs).toEqual([{ kind: 'connection', what: 'a client of Kafka' }]);
    expect(found('actions-iterable')).toMatchObject({
      name: 'Iterable (Actions)',
      folder: 'iterable',
      needs: [],
    });
    expect(found('actions-iterable')?.patched).toHaveLength(3);
  });

  it("start with their automatic presets, with Segment's reading of triggers", () => {
    const iterable = loadDefinition('iterable')!;
    expect(startingMappings(iterable)).toEqual([
      { id: 'track-calls', preset: 'track-calls', dialect: 'segment' },
      { id: 'identify-calls', preset: 'identify-calls', dialect: 'segment' },
      { id: 'update-cart-calls', preset: 'update-cart-calls', dialect: 'segment' },
      { id: 'order-completed-calls', preset: 'order-completed-calls', dialect: 'segment' },
    ]);
  });

  it('report that a custom one is asynchronous, instead of delivering it; no published one is', () => {
    const add = { title: 'Add', description: 'Adds.', fields: {}, perform: () => 1, onPoll: () => 1 };
    expect(() => adaptDefinition({ name: 'Later', actions: { add } })).toThrow(
      'The action "add" is asynchronous: "onPoll"',
    );
  });

  it('are undefined for an unknown name, also with a path', () => {
    expect(loadDefinition('actions-nowhere')).toBeUndefined();
    expect(loadDefinition('../../lib')).toBeUndefined();
  });
});
