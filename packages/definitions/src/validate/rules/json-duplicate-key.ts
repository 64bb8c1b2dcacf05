import { duplicateKeys } from '../../text/source.ts';
import type { Rule } from '../rule.ts';

/** Reports a duplicate member. */
export const jsonDuplicateKey: Rule = {
  code: 'json_duplicate_key',
  severity: 'error',
  summary: 'An object has a member twice; the first is silently lost.',
  remedy: 'Keep one of them.',
  checks: {
    file: ({ source, faults }) => (faults.length > 0 ? [] : duplicateKeys(source)),
  },
};
