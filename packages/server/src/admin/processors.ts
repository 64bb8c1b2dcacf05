import type { AnswerOf } from '@waybill/api';
import type { ProcessorConfig } from '@waybill/core';
import type { Recomputation, RunHandle, RunStanding } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { processorName } from '../workspace/items.ts';
import { describeProcessor } from './definitions.ts';
import type { AdminInput } from './input.ts';
import { itemRoutes } from './items.ts';
import { body, id, moment, pick, query } from './read.ts';

type Input = Pick<AdminInput, 'editor' | 'ingest' | 'log'>;

/** Routes of processors: settings, status, states of users, and recomputation. */
export function processorRoutes(app: FastifyInstance, input: Input): void {
  configRoutes(app, input);
  statusRoutes(app, input);
  recomputeRoutes(app, input);
}

function configRoutes(app: FastifyInstance, { editor }: Input): void {
  app.get('/api/processor-types', async () => editor.processors.map(describeProcessor));
  itemRoutes<ProcessorConfig>(app, editor, {
    at: 'processors',
    noun: 'processor',
    name: processorName,
    all: () => editor.workspace.processors ?? [],
    withAll: (processors) => ({ ...editor.workspace, processors }),
    show: (one) => one,
  });
}

/** The runs of the processor of a request, one per partition. */
function runsOf({ editor, ingest }: Input, request: FastifyRequest): readonly RunHandle[] {
  const { id: wanted } = pick(editor.workspace.processors ?? [], id(request), 'processor');
  return ingest.processors.of(wanted);
}

function statusRoutes(app: FastifyInstance, input: Input): void {
  app.get('/api/processors/:id/status', async (request) => {
    const runs = runsOf(input, request);
    const lasts = await lastsOf(input, runs);
    const standings = await standingsOf(runs);
    const reached = standings.map((one) => one.reached);
    const next = (await Promise.all(runs.map((run) => run.timers(1)))).flat();
    const recomputation = toldOf(standings, lasts);
    return {
      working: runs.length > 0,
      reached: Math.max(0, ...reached),
      waiting: reached.reduce((total, one, at) => total + Math.max(0, (lasts[at] ?? 0) - one), 0),
      ...(next.length === 0 ? {} : { nextDue: Math.min(...next.map(({ due }) => due)) }),
      ...(recomputation === undefined ? {} : { recomputation }),
    };
  });
  app.get('/api/processors/:id/timers', async (request) => {
    const { limit = 100 } = query<'GET /api/processors/:id/timers'>(request);
    const all = (await Promise.all(runsOf(input, request).map((run) => run.timers(limit)))).flat();
    return all.sort((one, other) => one.due - other.due).slice(0, limit);
  });
  app.get('/api/processors/:id/user', async (request) => {
    const { userId, email, anonymousId } = query<'GET /api/processors/:id/user'>(request);
    const keys = [
      ...(userId === undefined ? [] : [`u:${userId}`]),
      ...(email === undefined ? [] : [`e:${email.trim().toLowerCase()}`]),
      ...(anonymousId === undefined ? [] : [`a:${anonymousId}`]),
    ];
    if (keys.length === 0)
      throw new Failure('request_invalid', 'Name a "userId", an "email" or an "anonymousId".');
    for (const key of keys)
      for (const run of runsOf(input, request)) {
        const found = await run.user(key);
        if (found === undefined) continue;
        const { state, who, turns, notes = [] } = found;
        const timers = Object.entries(found.timers).map(([name, due]) => ({ name, due }));
        const kept = state === undefined ? {} : { state: JSON.parse(state) as unknown };
        return { key: found.key, who, turns, notes, timers, ...kept };
      }
    throw new Failure('request_not_found', `Nothing is stored for ${keys.join(', ')}.`);
  });
}

function recomputeRoutes(app: FastifyInstance, input: Input): void {
  const working = (request: FastifyRequest): readonly RunHandle[] => {
    const runs = runsOf(input, request);
    if (runs.length === 0)
      throw new Failure('request_invalid', `"${id(request)}" is disabled: enable it first.`);
    return runs;
  };
  const shown = async (request: FastifyRequest): Promise<AnswerOf<'GET /api/processors/:id/recompute'>> => {
    const runs = working(request);
    const told = toldOf(await standingsOf(runs), await lastsOf(input, runs));
    if (told === undefined)
      throw new Failure('request_not_found', `No recomputation of "${id(request)}" is in progress.`);
    return told;
  };
  app.get('/api/processors/:id/recompute', shown);
  app.post('/api/processors/:id/recompute', async (request) => {
    const { from, keep = false } = body<'POST /api/processors/:id/recompute'>(request);
    const since = from === undefined ? {} : { from: moment(from) };
    for (const run of working(request)) await run.recompute({ keeps: keep, ...since });
    return shown(request);
  });
  app.post('/api/processors/:id/recompute/apply', async (request) => {
    const told = await shown(request);
    if (told.phase !== 'ready')
      throw new Failure('request_invalid', `It is still ${told.phase}: wait until it is ready.`);
    for (const run of working(request)) await run.apply();
    return { ...told, phase: 'applying' };
  });
  app.delete('/api/processors/:id/recompute', async (request, reply) => {
    for (const run of working(request)) await run.cancel();
    return reply.code(204).send();
  });
}

function lastsOf({ log }: Input, runs: readonly RunHandle[]): Promise<readonly number[]> {
  return Promise.all(runs.map((_run, partition) => log.lastSeq(partition)));
}

function standingsOf(runs: readonly RunHandle[]): Promise<readonly RunStanding[]> {
  return Promise.all(runs.map((run) => run.standing()));
}

/** Combines the recomputations of all partitions. */
function toldOf(
  standings: readonly RunStanding[],
  lasts: readonly number[],
): AnswerOf<'GET /api/processors/:id/recompute'> | undefined {
  const all = standings.flatMap(({ recomputation }) => recomputation ?? []);
  const [first] = all;
  if (first === undefined) return undefined;
  const sum = (of: (one: Recomputation) => number): number => all.reduce((total, one) => total + of(one), 0);
  const phases = ['reading', 'comparing', 'applying', 'ready'] as const;
  return {
    ...first,
    phase: phases.find((phase) => all.some((one) => one.phase === phase)) ?? first.phase,
    begin: sum(({ begin }) => begin),
    reached: sum(({ reached }) => reached),
    last: lasts.reduce((total, one) => total + one, 0),
    events: sum(({ events }) => events),
    users: sum(({ users }) => users),
    differing: sum(({ differing }) => differing),
    examples: all.flatMap(({ examples }) => examples),
  };
}
