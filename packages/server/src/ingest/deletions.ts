import { type Deletions, openDeletions } from '@waybill/ingest';
import { following } from '../peers/following.ts';
import { takingTurns } from '../peers/turn.ts';
import type { Stores } from '../stores.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/** The inputs of the record from the server. */
export interface RecordInput {
  readonly stores: Stores;
  readonly editor: Pick<WorkspaceEditor, 'peers'>;
  readonly logger: { warn(fields: object, message: string): void };
  /** Names this process among those of the same store. */
  readonly member: string;
}

/** Opens the record of deletions, and applies records of other processes. */
export async function openRecord(
  { stores, editor, logger, member }: RecordInput,
  holder: string,
): Promise<{ readonly deletions: Deletions; stop(): void }> {
  const { peers } = editor;
  const inTurn = takingTurns(peers, 'deletions', member);
  const deletions = await openDeletions({ log: stores.log, holder, now: Date.now, inTurn });
  const stop = following(peers, deletions, (error) =>
    logger.warn({ err: error }, 'the record of deletions could not be read'),
  );
  return { deletions, stop };
}
