import { randomBytes } from 'node:crypto';
import type { AnswerOf } from '@waybill/api';
import type { EarlierKey, SourceConfig } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick, swap } from './read.ts';

const HOUR = 3_600_000;
/** Hours for which a key is taken after another one has taken its place, unless a request says otherwise. */
const KEPT_HOURS = 24;
/** Earlier keys of a source; those that were replaced first end sooner when there are more. */
const MOST_EARLIER = 4;

/** A source whose key is kept here. */
type Keyed = SourceConfig & { readonly writeKey: string };

/** The write key of a source, shown or created again; either is in the audit log. */
export function sourceKeyRoutes(app: FastifyInstance, { editor }: Pick<AdminInput, 'editor'>): void {
  app.post('/api/sources/:id/key', async (request) => {
    const wanted = id(request);
    const { rotate = false, keptHours = KEPT_HOURS } = body<'POST /api/sources/:id/key'>(request);
    const note = `The write key of "${wanted}" was ${rotate ? 'rotated' : 'shown'}.`.slice(0, 1_000);
    const author = { ...authorOf(request), note };
    if (!rotate) {
      keyed(editor, wanted);
      // First: what cannot be written down is not shown.
      await editor.record(author);
      return shown(keyed(editor, wanted));
    }
    const writeKey = randomBytes(24).toString('base64url');
    await editor.edit(author, () => {
      const next = rotated(keyed(editor, wanted), writeKey, keptHours, Date.now());
      return { workspace: { ...editor.workspace, sources: swap(editor.workspace.sources, next) } };
    });
    return shown(keyed(editor, wanted));
  });
}

function keyed({ workspace }: WorkspaceEditor, wanted: string): Keyed {
  const source = pick(workspace.sources, wanted, 'source');
  const { writeKey } = source;
  if (writeKey === undefined)
    throw new Failure(
      'request_invalid',
      `Only sources of the tracking API have a write key; "${wanted}" is not one.`,
    );
  if (typeof writeKey !== 'string') throw new Failure('source_key_fixed');
  return { ...source, writeKey };
}

/** The source with another key. The one before is taken a while longer; without that while, no earlier one is. */
function rotated(
  { earlierKeys = [], ...source }: Keyed,
  writeKey: string,
  hours: number,
  now: number,
): SourceConfig {
  const until = new Date(now + hours * HOUR).toISOString();
  const earlier: readonly EarlierKey[] =
    hours === 0
      ? []
      : [{ key: source.writeKey, until }, ...earlierKeys.filter((one) => Date.parse(one.until) > now)];
  return {
    ...source,
    writeKey,
    ...(earlier.length === 0 ? {} : { earlierKeys: earlier.slice(0, MOST_EARLIER) }),
  };
}

function shown({ writeKey, earlierKeys = [] }: Keyed): AnswerOf<'POST /api/sources/:id/key'> {
  return { writeKey, earlier: earlierKeys.map(({ until }) => ({ until: Date.parse(until) })) };
}
