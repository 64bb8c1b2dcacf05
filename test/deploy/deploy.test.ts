import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from './installed.ts';
import { type Harness, openHarness } from '../e2e/harness.ts';

const folder = join(import.meta.dirname, '../../deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('the alerts for Prometheus', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  it('are about metrics that the server has', async () => {
    const text = await (await fetch(`${harness.server.url}/metrics`)).text();
    const names = [...new Set(read('prometheus/alerts.yaml').match(/\bwaybill_\w+/g))];
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it('are rules that Prometheus takes, and fire when they should', () => {
    const promtool = installed('promtool', 'prometheus');
    for (const args of [
      ['check', 'rules', 'alerts.yaml'],
      ['test', 'rules', 'alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync(promtool, args, {
        cwd: join(folder, 'prometheus'),
        encoding: 'utf8',
      });
      expect(`${stdout}${stderr}`).toContain('SUCCESS');
      expect(status).toBe(0);
    }
  });
});

describe('the unit for systemd', () => {
  it('is one that systemd takes, and exposes little', () => {
    const analyze = installed('systemd-analyze', 'systemd');
    const unit = join(folder, 'systemd/waybill.service');
    const verified = spawnSync(analyze, ['verify', unit], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const rated = spawnSync(analyze, ['security', '--offline=true', '--threshold=20', unit], {
      encoding: 'utf8',
    });
    expect(rated.status).toBe(0);
  });
});

describe('the image', () => {
  it('starts a file that the package has, on the port and folder that its users name', () => {
    const text = read('Dockerfile');
    const entry = /ENTRYPOINT \["node", "\/app\/node_modules\/waybill\/(.*)"\]/.exec(text)?.[1] ?? '';
    expect(existsSync(join(folder, '../packages/waybill', entry))).toBe(true);
    for (const name of ['compose.yaml', 'kubernetes/waybill.yaml'])
      expect([name, read(name).includes('4400'), read(name).includes('/data')]).toEqual([name, true, true]);
  });
});
