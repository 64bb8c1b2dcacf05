import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { registerValidate } from '../../src/validate/command.ts';
import { readBase } from '../../../definitions/test/validate/support.ts';

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-validate-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void printed.push(text));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<number> {
  let code = 0;
  const program = new Command().version('1.0.0').exitOverride();
  program.configureOutput({ writeErr: (text) => void printed.push(text) });
  registerValidate(program, (exit) => {
    code = exit;
  });
  try {
    await program.parseAsync(['validate', ...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return 2;
    throw error;
  }
  return code;
}

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return file;
}

const brokenPreset = {
  slug: 'x',
  name: 'X',
  type: 'automatic',
  action: 'trackEvent',
  trigger: 'evnt = "a"',
  mapping: { eventName: 'a', emial: 'b' },
};

describe('waybill validate', () => {
  it('finds no problems in the built-in destinations', async () => {
    expect(await run('iterable', 'dummy', '--max-warnings', '0')).toBe(0);
    expect(printed.join('\n')).toMatch(/^Checked 2 destinations, .*: no problems\.$/);
  });

  it('finds no problems in this repository', async () => {
    expect(await run('--with', 'segment:actions-webhook', '--max-warnings', '0', '--json')).toBe(0);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({ ok: true, problems: [] });
  });

  it('exits with 1 for an error, with place, code and remedy', async () => {
    const file = write('iterable/x.json', brokenPreset);
    expect(await run(file)).toBe(1);
    const text = printed.join('\n');
    expect(text).toContain('6:15    error    trigger_invalid  at trigger');
    expect(text).toContain('9:5     error    mapping_unknown_field  at mapping.emial');
    expect(text).toContain('did you mean "email"?');
    expect(text).toContain('2 errors, 0 warnings.');
  });

  it('prints JSON', async () => {
    const file = write('iterable/x.json', brokenPreset);
    expect(await run(file, '--json')).toBe(1);
    const result = JSON.parse(printed.join('\n')) as { problems: object[] };
    expect(result).toMatchObject({ ok: false, checked: { presets: 1 } });
    expect(result.problems[0]).toMatchObject({
      code: 'trigger_invalid',
      severity: 'error',
      file,
      path: 'trigger',
      line: 6,
      column: 15,
    });
  });

  it('prints SARIF with a rule for every result', async () => {
    expect(await run(write('iterable/x.json', brokenPreset), '--format', 'sarif')).toBe(1);
    const { runs, version } = JSON.parse(printed.join('\n')) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; ruleIndex: number; locations: object[] }[];
      }[];
    };
    expect(version).toBe('2.1.0');
    const [one] = runs;
    expect(one!.results).toHaveLength(2);
    for (const { ruleId, ruleIndex } of one!.results) {
      expect(one!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    }
    expect(one!.results[0]!.locations[0]).toMatchObject({
      physicalLocation: { region: { startLine: 6, startColumn: 15 } },
    });
  });

  it('prints annotations, on one line each', async () => {
    expect(await run(write('iterable/x.json', brokenPreset), '--format', 'github')).toBe(1);
    const lines = printed.join('\n').split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error file=.*x\.json,line=6,col=15,title=trigger_invalid::.*%0A/);
  });

  it('counts warnings on request', async () => {
    const definition = structuredClone(readBase('definition')) as {
      actions: { remove: { fields: Record<string, object> } };
    };
    const reason = { type: 'string', label: 'Reason', description: 'Why.', required: true };
    definition.actions.remove.fields['reason'] = reason;
    const file = write('acme.json', definition);
    expect(await run(file)).toBe(0);
    expect(await run(file, '--max-warnings', '1')).toBe(0);
    expect(await run(file, '--max-warnings', '0')).toBe(1);
  });

  it('reads the files of a folder, and ignores other files', async () => {
    write('acme.json', readBase('definition'));
    write('presets/acme/vips.json', readBase('preset'));
    write('waybill.json', readBase('workspace'));
    write('package.json', { name: 'x', version: '1.0.0' });
    write('README.md', '# Acme\n\n```trigger\ntype = "track"\n```\n');
    expect(await run(folder, '--json')).toBe(1);
    const { checked, problems } = JSON.parse(printed.join('\n')) as { checked: object; problems: object[] };
    expect(checked).toMatchObject({ destinations: 1, presets: 3, workspaces: 1, examples: 1 });
    expect(problems).toMatchObject([{ code: 'preset_file_unused' }]);
  });

  it('checks a tracking plan, and validates events against it', async () => {
    const schema = { properties: { properties: { properties: { total: { type: 'number' } } } } };
    const plan = { rules: [{ type: 'track', event: 'Paid', schema }] };
    const file = write('plan.json', plan);
    expect(await run('--plan', file, '--json')).toBe(0);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({ checked: { plans: 1, destinations: 0 } });
    const paid = { type: 'track', event: 'Paid', userId: 'ada', properties: { total: 1 } };
    const wrong = { ...paid, properties: { total: 'one' } };
    const lines = [paid, wrong, { ...paid, userId: undefined }].map((one) => JSON.stringify(one)).join('\n');
    printed = [];
    expect(await run('--plan', file, '--events', write('events.jsonl', lines), '--json')).toBe(1);
    const { problems } = JSON.parse(printed.join('\n')) as { problems: object[] };
    expect(problems).toMatchObject([
      { code: 'tracking_plan_invalid_value', line: 2, path: 'properties.total' },
      { code: 'event_invalid', line: 3, path: 'userId' },
    ]);
    expect(problems[0]).toMatchObject({ message: expect.stringContaining('track "Paid": type') as string });
    printed = [];
    expect(await run('--plan', file, '--events', write('events.json', [wrong]))).toBe(1);
    expect(printed.join('\n')).toContain('tracking_plan_invalid_value  at [0].properties.total');
    expect(await run('--plan', file, '--events', write('broken.jsonl', '{'))).toBe(2);
    expect(await run('--events', file)).toBe(2);
    const faulty = write('faulty.json', {
      rules: [{ type: 'track', schema: { typ: 1 } }],
      unplannedEvents: 'omit',
    });
    printed = [];
    expect(await run('--plan', faulty)).toBe(1);
    expect(printed.join('\n')).toMatch(
      /tracking_plan_invalid {2}at rules\[0\]\.event[\s\S]*Must be one of allow, block/,
    );
  });

  it('loads modules, and reports why one cannot be loaded', async () => {
    const good = write('good.mjs', `export const acme = ${JSON.stringify(readBase('definition'))};`);
    expect(await run(good)).toBe(0);
    const bad = write('bad.mjs', 'throw new Error("no luck");');
    const empty = write('empty.mjs', 'export const nothing = 1;');
    printed = [];
    expect(await run(bad, empty, '--json')).toBe(1);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({
      problems: [
        { code: 'module_failed', message: expect.stringContaining('no luck') },
        { code: 'module_failed', message: 'The module exports no destination and no source, only nothing.' },
      ],
    });
  });

  it('exits with 2 for a mistake in the command line', async () => {
    expect(await run(join(folder, 'nowhere.json'))).toBe(2);
    expect(await run(write('notes.txt', 'x'))).toBe(2);
    expect(await run('--format', 'xml')).toBe(2);
    expect(await run('--max-warnings', 'few')).toBe(2);
  });
});

describe('modules of sources', () => {
  const moduleOf = (members: string): string =>
    `import { defineFields, defineSource } from '${import.meta.resolve('@waybill/core')}';
    export const kiosk = defineSource({ slug: 'kiosk', name: 'Kiosk', description: 'Orders.', settings: defineFields({}),
      shop: { limits: { concurrency: 1 }, capabilities: [], streams: { orders: { title: 'Orders', description: 'Orders.',
        kinds: ['order'], get: async () => 'gone', keyOf: () => ({ id: '1', at: '' }), states: () => [], ${members} } } } });`;

  it('are checked and counted', async () => {
    expect(await run(write('kiosk.mjs', moduleOf('pageSize: 1')))).toBe(0);
    expect(printed.join('\n')).toContain('Checked 1 source: no problems.');
  });

  it('report an unknown member, with the likely intended one', async () => {
    expect(await run(write('kiosk.mjs', moduleOf('pageSize: 1, overlp: 300')))).toBe(1);
    expect(printed.join('\n')).toContain('shop.streams.orders.overlp; did you mean "overlap"?');
  });

  it('are tested: without descriptions, with a failure as an answer, without authentication, with a plain secret', async () => {
    const core = import.meta.resolve('@waybill/core');
    const careless = `import { defineFields, defineSource } from '${core}';
      const field = (more) => ({ type: 'string', label: 'Of the API', description: 'As the shop says.', ...more });
      export const stall = defineSource({ slug: 'stall', name: 'Stall', description: ' ',
        settings: defineFields({ apiKey: field({}), apiUrl: field({ format: 'uri', label: '' }) }),
        shop: { limits: { concurrency: 1 }, capabilities: [], hints: () => ({ hints: [{ stream: 'orders', id: '1' }] }),
          streams: { orders: { title: 'Orders', description: 'Orders.', kinds: ['order'], every: 60, pageSize: 10,
            page: async (query, { request }) => ({ rows: (await request({ url: 'https://shop.example' })).body.rows ?? [] }),
            get: async (id, { request }) => ((await request({ url: 'https://shop.example' })).ok ? { row: {} } : 'gone'),
            keyOf: () => ({ id: '1', at: '2026-01-01' }), states: () => [] } } } });`;
    expect(await run(write('stall.mjs', careless), '--json')).toBe(1);
    const { problems, checked } = JSON.parse(printed.join('\n')) as {
      problems: readonly { readonly code: string; readonly path: string }[];
      checked: object;
    };
    expect(checked).toMatchObject({ sources: 1, destinations: 0 });
    expect(problems.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
      'field_label_missing settings.apiUrl.label',
      'secret_not_password settings.apiKey.type',
      'source_description_missing description',
      'source_failure_ignored shop.streams.orders.get',
      'source_failure_ignored shop.streams.orders.page',
      'source_webhook_unsigned shop.hints',
    ]);
  });

  it('have no problems where they are our own', async () => {
    for (const slug of ['bigcommerce', 'commercetools', 'magento2', 'ultracart', 'audience', 'dummy-shop'])
      expect([slug, await run(slug), printed.at(-1)]).toEqual([slug, 0, 'Checked 1 source: no problems.']);
  });

  it('report problems of the definition', async () => {
    expect(await run(write('kiosk.mjs', moduleOf('pageSize: 0')))).toBe(1);
    expect(printed.join('\n')).toContain('A page has at least one row.');
  });
});
