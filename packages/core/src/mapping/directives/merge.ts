import { setOwn } from '../values.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly direction: 'left' | 'right';
  readonly objects: readonly unknown[];
}

/** Merges objects. */
export const merge: Directive<Options> = {
  name: '@merge',
  portable: true,
  summary: 'Merges several objects into one.',
  notes: [
    '`direction` says which object wins when several have a key: `right` the last object, `left` the first. Only the top level is merged.',
    'null wins like any value. A member of an object written in the mapping wins even if its value is missing; the member is then left out.',
    'A missing object is ignored, and so is a string or number. A list contributes its items by index.',
  ],
  examples: [
    {
      mapping: {
        profile: {
          '@merge': {
            direction: 'right',
            objects: [{ '@path': '$.context.traits' }, { '@path': '$.traits' }],
          },
        },
      },
      event: { context: { traits: { city: 'Ulm', plan: 'a' } }, traits: { plan: 'b' } },
      payload: { profile: { city: 'Ulm', plan: 'b' } },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.at('direction').word(options['direction'], ['left', 'right']);
    const objects = options['objects'];
    if (Array.isArray(objects)) {
      for (let i = 0; i < objects.length; i++) checker.at('objects', i).objectOrDirective(objects[i]);
    } else {
      checker.at('objects').problem('Expected a list of objects.');
    }
    checker.others(options, ['direction', 'objects']);
  },
  reference({ direction, objects }, scope, evaluation) {
    const values = objects.map((object, i) => evaluation.evaluate(object, scope, 'objects', i));
    if (values.some((value) => typeof value === 'string' && value !== '')) evaluation.differs('M18');
    return together(direction)(...values);
  },
  compile({ direction, objects }, builder) {
    const args = objects.map((object, i) => builder.plan(object, 'objects', i));
    return { kind: 'call', run: together(direction), args, holds: 'passed' };
  },
};

function together(direction: Options['direction']): (...values: unknown[]) => unknown {
  return (...values) => {
    const result: Record<string, unknown> = {};
    if (direction === 'left') values.reverse();
    for (const value of values) {
      // A list adds its items by index, as on Segment; a string would add its characters.
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, member] of Object.entries(value)) setOwn(result, key, member);
    }
    return result;
  };
}
