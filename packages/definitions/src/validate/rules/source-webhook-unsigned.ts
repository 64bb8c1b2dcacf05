import { takesUnsigned } from '../probe-source.ts';
import type { Rule } from '../rule.ts';

/** Reports a webhook that accepts unsigned requests. */
export const sourceWebhookUnsigned: Rule = {
  code: 'source_webhook_unsigned',
  severity: 'error',
  summary: 'The webhook of a source takes a request without any signature or secret.',
  remedy:
    "Check what the platform signs with before you read the body, and return `{ refused: { code: 'source_signature_invalid', message } }`.",
  checks: {
    async source({ code }) {
      if (!(await takesUnsigned(code))) return [];
      const place = code.shop === undefined ? ['webhook'] : ['shop', 'hints'];
      return [{ place, message: 'A request without any header was taken.' }];
    },
  },
};
