import { afterAll, describe, expect, it } from '@jest/globals';
import { createMemoryWorkspace, openWorkspaceStore, workspaceSuite } from '../src/index.ts';
import { dice } from './dice.ts';
import { tempDir } from './support.ts';

describe('the workspace in SQLite, in memory', () => {
  workspaceSuite(
    {
      durable: false,
      open: (_name, retention) =>
        openWorkspaceStore({ file: ':memory:', ...(retention === undefined ? {} : { retention }) }),
    },
    { describe, it, expect },
  );
});

describe('the workspace in SQLite, on disk', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  workspaceSuite(
    {
      durable: true,
      open: (name, retention) =>
        openWorkspaceStore({
          file: temp.path(`${name}.db`),
          ...(retention === undefined ? {} : { retention }),
        }),
    },
    { describe, it, expect },
  );
});

describe('the workspace in memory, answering late', () => {
  const random = dice(7);
  const delay = async (): Promise<void> => {
    for (let n = Math.floor(random() * 4); n > 0; n -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  workspaceSuite(
    {
      durable: false,
      open: async (_name, retention) =>
        createMemoryWorkspace({ delay, ...(retention === undefined ? {} : { retention }) }),
    },
    { describe, it, expect },
  );
});
