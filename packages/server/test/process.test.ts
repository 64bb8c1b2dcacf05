import { describe, expect, it } from 'vitest';
import { SERVER_ENV, SERVER_FLAGS, serverProcess } from '../src/process.ts';

const started = {
  execArgv: ['--enable-source-maps'],
  argv: ['/node', '/waybill.js', 'start', '--demo'],
  env: { A: 'a' },
};

describe('the process of a server', () => {
  it('is restarted with its flags before everything else, and with its environment', () => {
    expect(serverProcess(started)).toEqual({
      argv: ['/node', ...SERVER_FLAGS, '--enable-source-maps', '/waybill.js', 'start', '--demo'],
      env: { A: 'a', ...SERVER_ENV },
    });
  });

  it('is restarted only once', () => {
    const execArgv = [...SERVER_FLAGS, ...started.execArgv];
    expect(serverProcess({ ...started, execArgv, env: { ...started.env, ...SERVER_ENV } })).toBeUndefined();
  });

  it('keeps the settings of its user', () => {
    const found = serverProcess({
      ...started,
      execArgv: ['--max-semi-space-size=64', '--allocation-site-pretenuring'],
      env: { NODE_OPTIONS: '--max-old-space-size=4096', MALLOC_ARENA_MAX: '4', B: undefined },
    });
    expect(found).toBeUndefined();
  });
});
