import { describe, expect, it } from 'vitest';
import {
  DefinitionError,
  defineFields,
  defineProcessor,
  defineSource,
  type Processor,
  resolveWorkspace,
  type Source,
  type Workspace,
  workspaceShapeIssues,
} from '@waybill/core';

const settings = defineFields({
  token: { type: 'password', label: 'Token', description: 'A key.', required: true },
  shop: { type: 'string', label: 'Shop', description: 'Which one.', default: 'main' },
});

const orders = defineSource({
  slug: 'shop',
  name: 'Shop',
  description: 'Orders of a shop.',
  settings,
  streams: {
    orders: {
      title: 'Orders',
      description: 'All orders.',
      every: 60,
      // The types of cursor and settings are those of the definition.
      read: async ({ cursor }: { readonly cursor?: { readonly page: number } }, { settings: { shop } }) => ({
        events: [{ type: 'track', event: `Order of ${shop ?? ''}`, messageId: `o-${cursor?.page ?? 0}` }],
        cursor: { page: (cursor?.page ?? 0) + 1 },
        more: false,
      }),
    },
  },
});

const counter = defineProcessor({
  slug: 'counter',
  name: 'Counter',
  description: 'Counts.',
  settings: defineFields({ step: { type: 'integer', label: 'Step', description: 'How far.', default: 2 } }),
  trigger: 'type = "track"',
  events: {
    Counted: defineFields({
      count: { type: 'integer', label: 'Count', description: 'How many.', required: true },
    }),
  },
  initial: () => ({ count: 0 }),
  process: ({ count }, _event, { settings: { step = 1 } }) => ({
    state: { count: count + step },
    events: [{ event: 'Counted', properties: { count: count + step } }],
  }),
});

function issuesOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof DefinitionError) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('a source', () => {
  it('is frozen, and reads with the cursor that it returned', async () => {
    expect(Object.isFrozen(orders)).toBe(true);
    const context = { settings: { shop: 'main' }, request: () => Promise.reject(), now: () => 0 };
    expect(await orders.streams['orders']!.read({}, context as never)).toMatchObject({
      events: [{ event: 'Order of main', messageId: 'o-0' }],
      cursor: { page: 1 },
    });
  });

  it('is refused with a list of all problems', () => {
    const bare = { slug: 'Bad Slug', name: 'x', description: 'y', settings };
    expect(issuesOf(() => defineSource(bare))).toEqual(['slug', 'streams']);
    expect(
      issuesOf(() => defineSource({ ...bare, slug: 'tracking', webhook: () => ({ events: [] }) })),
    ).toEqual(['slug']);
    const stream = { ...orders.streams['orders']!, description: '', every: 0 };
    expect(issuesOf(() => defineSource({ ...bare, slug: 'ok', streams: { stream } }))).toEqual([
      'streams.stream.description',
      'streams.stream.every',
    ]);
  });
});

describe('a processor', () => {
  it('is frozen, a pure function of state and event', () => {
    expect(Object.isFrozen(counter)).toBe(true);
    const event = { type: 'track', messageId: 'm', userId: 'u' } as never;
    expect(
      counter.process(counter.initial(), event, { settings: { step: 3 }, historical: false, now: 0 }),
    ).toEqual({
      state: { count: 3 },
      events: [{ event: 'Counted', properties: { count: 3 } }],
    });
  });

  it('is refused with a list of all problems, secrets among its settings too', () => {
    const wrong = { ...counter, slug: '1', trigger: ' ', settings };
    expect(issuesOf(() => defineProcessor(wrong as never))).toEqual(['slug', 'trigger', 'settings.token']);
  });
});

describe('a workspace with sources and processors of a type', () => {
  const resolve = (given: Partial<Workspace>, sources: readonly Source[] = [orders]) =>
    resolveWorkspace(
      { sources: [], destinations: [], ...given },
      {
        destinations: [],
        sources,
        processors: [counter] as readonly Processor[],
        env: (name) => `of ${name}`,
      },
    );
  const paths = (given: Partial<Workspace>): readonly string[] => {
    const result = resolve(given);
    return result.ok ? [] : result.issues.map(({ code, path }) => `${code} ${path}`);
  };

  it('has checked settings with defaults', () => {
    const result = resolve({
      sources: [
        { id: 'web', writeKey: 'k' },
        { id: 'shop', type: 'shop', settings: { token: { $env: 'TOKEN' } } },
      ],
      processors: [
        { id: 'count', type: 'counter' },
        { id: 'more', type: 'counter', sources: ['count'], settings: { step: 5 } },
      ],
    });
    expect(result.ok && result.value).toMatchObject({
      sources: [
        { id: 'web', writeKey: 'k' },
        { id: 'shop', source: orders, settings: { token: 'of TOKEN', shop: 'main' } },
      ],
      processors: [
        { id: 'count', sources: ['web', 'shop'], settings: { step: 2 } },
        { id: 'more', sources: ['count'], settings: { step: 5 } },
      ],
    });
  });

  it('is refused with the place of every problem', () => {
    expect(
      workspaceShapeIssues({ sources: [{ id: 'a' }, { id: 'b', type: 'shop' }], destinations: [] }),
    ).toEqual([
      { code: 'workspace_invalid', path: 'sources[0].writeKey', message: 'This member is required.' },
    ]);
    expect(paths({ sources: [{ id: 'a', type: 'sho' }] })).toEqual([
      'workspace_unknown_source_type sources[0].type',
    ]);
    expect(paths({ sources: [{ id: 'a', type: 'shop', writeKey: 'k', settings: { tokn: 'x' } }] })).toEqual([
      'workspace_invalid sources[0].writeKey',
      'workspace_invalid_settings sources[0].settings.tokn',
      'workspace_invalid_settings sources[0].settings.token',
    ]);
    expect(paths({ sources: [{ id: 'a', writeKey: 'k', settings: {} }] })).toEqual([
      'workspace_invalid_settings sources[0].settings',
    ]);
    expect(paths({ processors: [{ id: 'a', type: 'x' }] })).toEqual([
      'workspace_unknown_processor processors[0].type',
    ]);
  });

  it('has no cycle of processors, and no processor with the name of a source', () => {
    expect(
      paths({
        processors: [
          { id: 'a', type: 'counter', sources: ['b'] },
          { id: 'b', type: 'counter', sources: ['a', 'b'] },
        ],
      }),
    ).toEqual([
      'workspace_unknown_source processors[0].sources[0]',
      'workspace_unknown_source processors[1].sources[1]',
    ]);
    expect(
      paths({ sources: [{ id: 'a', writeKey: 'k' }], processors: [{ id: 'a', type: 'counter' }] }),
    ).toEqual(['workspace_duplicate_id processors[0].id']);
  });
});
