import { Liquid, type Template } from 'liquidjs';

/**
 * Bounds of one template: characters of its text, milliseconds of one rendering, and characters that a rendering may
 * process in total. The last one bounds the time independently of the speed of the machine.
 */
export const LIQUID_LIMITS = { characters: 1000, milliseconds: 500, memory: 10_000_000 } as const;

/** Tags that Segment disables: they loop or load. */
const DISABLED_TAGS = ['case', 'for', 'include', 'layout', 'render', 'tablerow'] as const;

/** Filters that Segment disables. */
const DISABLED_FILTERS = [
  'array_to_sentence_string',
  'concat',
  'find',
  'find_exp',
  'find_index',
  'find_index_exp',
  'group_by',
  'group_by_exp',
  'has',
  'has_exp',
  'map',
  'newline_to_br',
  'reject',
  'reject_exp',
  'reverse',
  'sort',
  'sort_natural',
  'type',
  'uniq',
  'where_exp',
] as const;

let shared: Liquid | undefined;

/** The engine, created for the first template. */
function engine(): Liquid {
  if (shared !== undefined) return shared;
  const liquid = new Liquid({
    parseLimit: LIQUID_LIMITS.characters,
    renderLimit: LIQUID_LIMITS.milliseconds,
    memoryLimit: LIQUID_LIMITS.memory,
    ownPropertyOnly: true,
  });
  for (const tag of DISABLED_TAGS) {
    const refuse = () => {
      throw new Error(`The tag "${tag}" is not available.`);
    };
    liquid.registerTag(tag, { parse: refuse, render: refuse });
  }
  for (const filter of DISABLED_FILTERS) {
    liquid.registerFilter(filter, () => {
      throw new Error(`The filter "${filter}" is not available.`);
    });
  }
  shared = liquid;
  return liquid;
}

/** Parses a template; throws with its problem. */
export function parseLiquid(text: string): readonly Template[] {
  return engine().parse(text);
}

/** Renders a parsed template for a scope, without changing it. */
export function renderLiquid(templates: readonly Template[], scope: object): string {
  return String(engine().renderSync([...templates], scope));
}

/** The paths a template reads from its scope. */
export function liquidReads(templates: readonly Template[]): readonly (readonly string[])[] {
  return engine()
    .globalVariableSegmentsSync([...templates])
    .map((segments) => segments.filter((segment) => typeof segment !== 'object').map(String));
}
