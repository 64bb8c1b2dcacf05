import { answer, type Faults, type ShopAnswer, type ShopRequest } from './frame/index.ts';
import { STORY } from './day/index.ts';
import type { ShopSandbox } from './contract.ts';

/** Answers requests below /_sandbox/. */
export async function control(
  sandbox: ShopSandbox,
  faults: Faults,
  request: ShopRequest,
): Promise<ShopAnswer> {
  const name = request.path.slice('/_sandbox/'.length);
  if (request.method === 'GET') return read(sandbox, faults, name, request.query);
  if (request.method !== 'POST') return wrong(`${request.method} is not used here`, 405);
  let sent: unknown;
  try {
    sent = request.body === '' ? {} : JSON.parse(request.body);
  } catch {
    return wrong('the body is not JSON');
  }
  return write(sandbox, faults, name, sent);
}

function read(sandbox: ShopSandbox, faults: Faults, name: string, query: URLSearchParams): ShopAnswer {
  switch (name) {
    case 'health':
      return answer({ ok: true, platform: sandbox.platform, time: new Date(sandbox.model.clock.now()) });
    case 'settings':
      return answer(sandbox.settings);
    case 'stats':
      return answer(sandbox.stats());
    case 'calls':
      return answer({ calls: sandbox.calls(Number(query.get('limit') ?? 50) || 50) });
    case 'state':
      return answer(
        Object.fromEntries(Object.entries(sandbox.model.tables).map(([kind, table]) => [kind, table.all()])),
      );
    case 'faults':
      return answer(faults.now);
    case 'play':
      return answer({
        steps: STORY.map(({ name: step, tells }) => ({ name: step, tells })),
        left: sandbox.stepsLeft(),
      });
    default:
      return wrong(`unknown control path: ${name}`, 404);
  }
}

async function write(sandbox: ShopSandbox, faults: Faults, name: string, sent: unknown): Promise<ShopAnswer> {
  switch (name) {
    case 'faults': {
      const problem = faults.replace(sent);
      return problem === undefined ? answer(faults.now) : wrong(problem);
    }
    case 'reset':
      sandbox.reset();
      return answer({ ok: true });
    case 'play': {
      const { step = 'next' } = (sent ?? {}) as { readonly step?: unknown };
      if (typeof step !== 'string') return wrong('"step" is the name of a step, "next" or "all"');
      try {
        return answer({ played: await sandbox.play(step), left: sandbox.stepsLeft() });
      } catch (error) {
        return wrong((error as Error).message);
      }
    }
    case 'retry':
      await sandbox.retryWebhooks();
      return answer(sandbox.stats());
    case 'advance': {
      const { ms } = (sent ?? {}) as { readonly ms?: unknown };
      if (typeof ms !== 'number' || !(ms >= 0)) return wrong('"ms" is how many milliseconds pass');
      sandbox.model.advance(ms);
      return answer({ time: new Date(sandbox.model.clock.now()) });
    }
    default:
      return wrong(`unknown control path: ${name}`, 404);
  }
}

function wrong(error: string, status = 400): ShopAnswer {
  return answer({ error }, status);
}
