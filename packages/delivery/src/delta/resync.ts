import type { State } from '../stores/state.ts';

/** Whose values are to be sent whole again; absent members do not narrow. */
export interface ResyncFilter {
  readonly destination: string;
  readonly mappingId?: string;
  /** The user, as the engine orders by them: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
}

/**
 * Forgets what was delivered, so that the next event of a user sends everything. Who has set a field is not forgotten.
 * Call it where the state is written. Returns how many users, counted for each mapping, are concerned.
 */
export async function resync(state: Pick<State, 'forget'>, filter: ResyncFilter): Promise<number> {
  const { destination, mappingId, user } = filter;
  return await state.forget({
    destination,
    space: 'delta',
    ...(mappingId === undefined ? {} : { scope: mappingId }),
    ...(user === undefined ? {} : { key: user }),
  });
}
