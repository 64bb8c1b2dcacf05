import { describe, expect, it } from 'vitest';
import { openStores, storeSuite } from '../../src/index.ts';
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
