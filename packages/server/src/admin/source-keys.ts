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
/** The default number of hours for which a replaced key is accepted. */
const KEPT_HOURS = 24;
/** The maximum number of earlier keys of a source; the oldest end early when there are more. */
const MOST_EARLIER = 4;

/** A source with a stored key. */
type Keyed = SourceConfig & { readonly writeKey: string };

/** Routes that show or rotate the write key of a source; both are in the audit log. */
export function sourceKeyRoutes(app: FastifyInstance, { editor }: Pick<AdminInput, 'editor'>): void {
  app.post('/api/sources/:id/key', async (request) => {
    const wanted = id(request);
    const { rotate = false, keptHours = KEPT_HOURS } = body<'POST /api/sources/:id/key'>(request);
    const note = `The write key of "${wanted}" was ${rotate ? 'rotated' : 'shown'}.`.slice(0, 1_000);
    const author = { ...authorOf(request), note };
    if (!rotate) {
      keyed(editor, wanted);
      // First: the key is not shown without an audit entry.
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

/** Returns the source with a new key. The previous one is accepted for some time; without that time, no earlier key is. */
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
