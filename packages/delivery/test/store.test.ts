import { afterAll, describe, expect, it } from '@jest/globals';
import { openEventLog, openStateStore, sqliteSupports, storeSuite } from '../src/index.ts';
import { tempDir } from './support.ts';

describe('SQLite in memory', () => {
  storeSuite(
    {
      supports: sqliteSupports(':memory:'),
      open: (_name, options) => ({
        log: openEventLog({ file: ':memory:', ...options }),
        state: openStateStore({ file: ':memory:' }),
      }),
    },
    { describe, it, expect },
  );
});

describe('SQLite on disk', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  const files = (name: string): { log: string; state: string } => ({
    log: temp.path(`${name}.log.db`),
    state: temp.path(`${name}.state.db`),
  });
  storeSuite(
    {
      supports: sqliteSupports(temp.path('any')),
      open: (name, options) => ({
        log: openEventLog({ file: files(name).log, ...options }),
        state: openStateStore({ file: files(name).state }),
      }),
      openReader: (name) => ({
        log: openEventLog({ file: files(name).log, readOnly: true }),
        state: openStateStore({ file: files(name).state, readOnly: true }),
      }),
    },
    { describe, it, expect },
  );
});
