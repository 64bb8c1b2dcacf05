import { describe, expect, it } from 'vitest';
import { openStores, storeStanding, storeSuite } from '../../src/index.ts';
import { testPostgres } from './server.ts';

describe.each([1, 3])('PostgreSQL with %i partitions', (partitions) => {
  let database: Promise<string> | undefined;
  storeSuite(
    {
      supports: { durable: true, concurrentReaders: true, partitions },
      async open(name, options) {
        database ??= testPostgres().then((server) => server.database());
        return openStores(`${await database}?schema=${name}&partitions=${partitions}`, options);
      },
    },
    { describe, it, expect },
  );
});

describe('a database that is inspected before it is opened', () => {
  it('has no schemas, then those of this version', async () => {
    const address = await (await testPostgres()).database();
    const versions = async (): Promise<readonly boolean[]> =>
      (await storeStanding(address)).schemas.map(({ version, known }) => version === known);
    expect(await storeStanding(address)).toMatchObject({
      maySetUp: true,
      schemas: [
        { part: 'log', version: 0 },
        { part: 'state', version: 0 },
        { part: 'workspace', version: 0 },
      ],
    });
    await (await openStores(address, { writes: ['log', 'state', 'workspace'] })).close();
    expect(await versions()).toEqual([true, true, true]);
  });
});
