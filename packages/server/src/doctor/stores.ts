import { storeStanding, type StoreStanding } from '@waybill/delivery';
import { type Finding, ok, problem } from './finding.ts';

/** Checks the schemas of the stores, and for PostgreSQL the connection. */
export async function checkStores(store: string): Promise<Finding> {
  const isPostgres = /^postgres(ql)?:/.test(store);
  const check = isPostgres ? 'postgresql' : 'databases';
  let standing: StoreStanding;
  try {
    standing = await storeStanding(store);
  } catch (error) {
    const { message } = error as Error;
    return isPostgres
      ? problem(
          check,
          message,
          'Check the address in WAYBILL_STORE, that the database exists, and that it accepts this machine and this user.',
        )
      : problem(check, message, 'Restore a back-up: waybill restore <folder> --data <new folder>.');
  }
  return judge(check, standing);
}

function judge(check: string, { schemas, maySetUp }: StoreStanding): Finding {
  const newer = schemas.find(({ version, known }) => version > known);
  if (newer !== undefined)
    return problem(
      check,
      `The ${newer.part} was written by a newer Waybill (schema ${newer.version}, known ${newer.known}).`,
      'Install that version again, or restore a back-up from before the upgrade.',
    );
  if (schemas.every(({ version }) => version === 0)) {
    if (maySetUp) return ok(check, 'empty; tables are created at the first start');
    return problem(
      check,
      'The database is empty, and its user may not create a schema.',
      'GRANT CREATE ON DATABASE <database> TO <user>, or create the schema "waybill" and let the user own it.',
    );
  }
  const older = schemas.filter(({ version, known }) => version < known).map(({ part }) => part);
  const versions = schemas.map(({ part, version }) => `${part} ${version}`).join(', ');
  if (older.length > 0)
    return ok(check, `schemas ${versions}; the next start updates ${older.join(' and ')}`);
  return ok(check, `schemas ${versions}`);
}
