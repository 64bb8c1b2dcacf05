import type { Template } from 'liquidjs';
import { MappingEvaluationError } from '../errors.ts';
import { LIQUID_LIMITS, liquidReads, parseLiquid, renderLiquid } from '../liquid-engine.ts';
import { SCOPE } from '../plan.ts';
import type { Directive } from './directive.ts';

/** Renders a Liquid template. */
export const liquid: Directive<string> = {
  name: '@liquid',
  portable: true,
  summary: 'Renders a Liquid template; the result is a string.',
  notes: [
    `The event is the root: \`{{ properties.total | times: 2 }}\`. A template has at most ${LIQUID_LIMITS.characters} characters.`,
    'The tags case, for, include, layout, render and tablerow and some filters that work on lists are not available, as on Segment.',
    'A template with a syntax error is rejected when the mapping is compiled. One that fails, takes too long or grows too large for an event fails for that event.',
  ],
  examples: [
    {
      mapping: { name: { '@liquid': '{{ traits.name | upcase }}{% if traits.vip %} (VIP){% endif %}' } },
      event: { traits: { name: 'Ada', vip: true } },
      payload: { name: 'ADA (VIP)' },
    },
  ],
  check(value, checker) {
    if (!checker.text(value, 0, LIQUID_LIMITS.characters)) return;
    try {
      parseLiquid(value);
    } catch (error) {
      checker.problem(`The template cannot be parsed: ${firstLine(error)}`);
    }
  },
  reference(value, scope, evaluation) {
    const templates = parseLiquid(value);
    for (const keys of liquidReads(templates)) evaluation.read(scope, keys);
    if (/(?:in|de)crement/.test(value)) evaluation.differs('M3');
    try {
      return renderLiquid(templates, asScope(scope));
    } catch (error) {
      if (String(error).includes('memory')) evaluation.differs('M14');
      return evaluation.fail(failure(error));
    }
  },
  compile(value, builder) {
    if (value === '') return { kind: 'constant', value: '' };
    const templates: readonly Template[] = parseLiquid(value);
    const run = (scope: unknown) => {
      try {
        return renderLiquid(templates, asScope(scope));
      } catch (error) {
        throw new MappingEvaluationError(builder.path, failure(error));
      }
    };
    return { kind: 'call', run, args: [SCOPE], holds: 'never', reads: liquidReads(templates) };
  },
};

/** A copy, because counters (`increment`, `decrement`) write to the scope. */
function asScope(scope: unknown): object {
  return typeof scope === 'object' && scope !== null ? { ...scope } : (scope as object);
}

function failure(error: unknown): string {
  return `The template fails for this event: ${firstLine(error)}`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!;
}
