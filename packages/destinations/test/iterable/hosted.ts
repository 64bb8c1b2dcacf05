import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Run as a separate process, with questions on stdin: the hosted runtime is CommonJS and changes globals.

/** One event through one mapping of the hosted destination. */
export interface HostedQuestion {
  readonly action: string;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly event: { readonly type: string };
}

/** A call it would have made. */
export interface HostedCall {
  readonly path: string;
  readonly body: unknown;
}

interface Runner {
  onBatch(events: readonly unknown[], settings: object): Promise<unknown>;
  onEvent(event: unknown, settings: object): Promise<unknown>;
}

interface HostedDefinition {
  readonly slug?: string;
  readonly actions: Readonly<Record<string, { readonly performBatch?: unknown }>>;
}

interface Framework {
  readonly Destination: new (definition: unknown) => Runner;
  readonly Response: new (text: string, init: object) => unknown;
}

const require = createRequire(import.meta.url);

/** The calls of every question, in its order. */
async function answer(questions: readonly HostedQuestion[]): Promise<readonly (readonly HostedCall[])[]> {
  const file = createRequire(require.resolve('@segment/action-destinations')).resolve(
    '@segment/actions-core',
  );
  const { Destination, Response } = require(file) as Framework;
  const network = require(join(dirname(file), 'fetch.js')) as { default: unknown };
  const { manifest } = require('@segment/action-destinations') as {
    readonly manifest: Readonly<Record<string, { readonly definition: HostedDefinition }>>;
  };
  const found = Object.values(manifest).find(({ definition }) => definition.slug === 'actions-iterable');
  const hosted = new Destination(found!.definition);
  let sent: HostedCall[] = [];
  network.default = async (request: Request): Promise<unknown> => {
    sent.push({ path: new URL(request.url).pathname, body: JSON.parse(await request.text()) });
    const headers = { 'content-type': 'application/json' };
    return new Response('{"msg":"","code":"Success","params":null}', {
      status: 200,
      headers,
      url: request.url,
    });
  };
  const answers: (readonly HostedCall[])[] = [];
  for (const { action, mapping, event } of questions) {
    sent = [];
    const subscriptions = [
      { name: action, enabled: true, partnerAction: action, subscribe: `type = "${event.type}"`, mapping },
    ];
    const settings = { apiKey: 'key', dataCenterLocation: 'united_states', subscriptions };
    // An event that fails validation is refused, without a request.
    if (found!.definition.actions[action]!.performBatch !== undefined)
      await hosted.onBatch([event], settings);
    else await hosted.onEvent(event, settings);
    answers.push(sent);
  }
  return answers;
}

if (import.meta.main) {
  let input = '';
  for await (const chunk of process.stdin) input += String(chunk);
  process.stdout.write(JSON.stringify(await answer(JSON.parse(input) as HostedQuestion[])));
}
