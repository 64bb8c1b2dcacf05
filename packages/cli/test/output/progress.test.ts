import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showProgress, showWaiting } from '../../src/output/progress.ts';

const { stderr } = process;
const before = stderr.isTTY;
let written = '';

beforeEach(() => {
  vi.useFakeTimers();
  written = '';
  vi.spyOn(stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  Object.assign(stderr, { isTTY: true });
});
afterEach(() => {
  Object.assign(stderr, { isTTY: before });
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('shows a bar for work of more than a second, and removes it', () => {
  const bar = showProgress(10, 'MB');
  bar.step(1);
  expect(written).toBe('');
  vi.advanceTimersByTime(1_500);
  bar.step(4);
  expect(written).toMatch(/ 4\/10 MB, .+ left/);
  bar.stop();
  // The cursor, which the bar hides, is restored.
  expect(written).toContain('\u001b[?25h');
});

it('shows the duration of a request of more than a second, and removes it', () => {
  const end = showWaiting('Waiting for the server');
  vi.advanceTimersByTime(999);
  expect(written).toBe('');
  vi.advanceTimersByTime(1_001);
  expect(written).toBe('\r\u001b[KWaiting for the server: 1 s\r\u001b[KWaiting for the server: 2 s');
  end();
  expect(written.endsWith('2 s\r\u001b[K')).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(written.endsWith('2 s\r\u001b[K')).toBe(true);
});

it('shows nothing without a terminal, or for short work', () => {
  const quick = showWaiting('Waiting for the server');
  vi.advanceTimersByTime(500);
  quick();
  Object.assign(stderr, { isTTY: false });
  const bar = showProgress(10, 'MB');
  const end = showWaiting('Waiting for the server');
  vi.advanceTimersByTime(5_000);
  bar.step(5);
  bar.stop();
  end();
  expect(written).toBe('');
});
