import { mistakenStreams } from '../probe-source.ts';
import type { Rule } from '../rule.ts';

/** Reports a stream that treats a failure as an answer: what it missed would never be read. */
export const sourceFailureIgnored: Rule = {
  code: 'source_failure_ignored',
  severity: 'error',
  summary:
    'A stream returns rows, or says that a row is gone, although every call was answered with 500. Tried with a stub: nothing is sent.',
  remedy: 'Check `ok` of the response, and return `{ failure: failed(code, message) }`.',
  checks: {
    async source({ code }) {
      return (await mistakenStreams(code)).map(({ place, stream }) => ({
        place,
        message: `"${stream}" returns something other than a failure when the call failed with 500.`,
      }));
    },
  },
};
