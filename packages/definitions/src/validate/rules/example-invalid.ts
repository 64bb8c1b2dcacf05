import { compileMapping, compileTrigger, MappingError, TriggerError } from '@waybill/core';
import { jsonSource } from '../../text/source.ts';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';

/** Reports an example that does not work. */
export const exampleInvalid: Rule = {
  code: 'example_invalid',
  severity: 'error',
  summary:
    'An example in a page does not compile: a fenced block marked `json mapping`, `json trigger` or `trigger`.',
  remedy: 'Correct the example, or remove the mark from a block that is not meant to run.',
  checks: {
    *example({ source, language, text }) {
      if (language === 'trigger') {
        const trigger = text.trim();
        try {
          compileTrigger(trigger);
        } catch (error) {
          if (!(error instanceof TriggerError)) throw error;
          const at = text.indexOf(trigger) + error.offset;
          yield { place: [], at, message: `${error.message}\n${error.picture}` };
        }
        return;
      }
      const read = jsonSource(source.name, text, source.above);
      const [fault] = read.faults;
      if (fault !== undefined) {
        yield { place: [], source: read.source, at: fault.offset, message: fault.message };
        return;
      }
      try {
        compileMapping(read.value);
      } catch (error) {
        if (!(error instanceof MappingError)) throw error;
        for (const { path, message } of error.problems) {
          yield { place: parsePlace(path), source: read.source, message };
        }
      }
    },
  },
};
