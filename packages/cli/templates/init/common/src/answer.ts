import { delivered, type HttpFailure, type HttpResponse, type Outcome, rejected, retry } from '@waybill/core';

/** What an answer means for everything that its call carried. */
export function readAnswer(answer: HttpResponse | HttpFailure): Outcome {
  if (answer.kind === 'failure') {
    return answer.code === 'destination_address_forbidden'
      ? rejected(answer.code, answer.message)
      : retry(answer.code, answer.message);
  }
  const words = messageIn(answer);
  if (answer.ok) return delivered();
  if (answer.status === 429) return retry('destination_rate_limited', words, waitOf(answer));
  if (answer.status === 401 || answer.status === 403) return retry('destination_unauthorized', words);
  if (answer.status >= 500) return retry('destination_unavailable', words);
  return rejected('destination_rejected', words);
}

/** What the service says about single items of a call: one result per item, in order. */
export function readResults(answer: HttpResponse | HttpFailure, count: number): readonly Outcome[] {
  const whole = readAnswer(answer);
  if (whole.status !== 'delivered' || answer.kind === 'failure') return Array<Outcome>(count).fill(whole);
  const results = (answer.body as { results?: unknown } | null | undefined)?.results;
  if (!Array.isArray(results) || results.length !== count) {
    const unread = retry(
      'destination_unreadable_answer',
      'The answer does not say what became of each item.',
    );
    return Array<Outcome>(count).fill(unread);
  }
  return results.map((result: { status?: unknown; message?: unknown } | null) =>
    result?.status === 'ok'
      ? delivered()
      : rejected('destination_rejected', String(result?.message ?? 'No reason was given.')),
  );
}

function messageIn(answer: HttpResponse): string {
  const said = (answer.body as { message?: unknown } | null | undefined)?.message;
  return typeof said === 'string' ? said : `{{name}} answered with status ${answer.status}.`;
}

function waitOf(answer: HttpResponse): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
