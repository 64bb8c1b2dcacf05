import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installed } from './installed.ts';
import { type Harness, openHarness } from '../e2e/harness.ts';

const folder = join(import.meta.dirname, '../../deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

describe('the files for Prometheus and Grafana', () => {
  let harness: Harness;
  let metrics: string;
  beforeAll(async () => {
    harness = await openHarness();
    await harness.track('track', { userId: 'ada', event: 'Seen', messageId: 'm1' });
    await harness.server.idle();
    metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
  });
  afterAll(() => harness.close());
  const promtool = (args: readonly string[], input = ''): SpawnSyncReturns<string> =>
    spawnSync(installed('promtool', 'prometheus'), args, {
      cwd: join(folder, 'prometheus'),
      encoding: 'utf8',
      input,
    });

  it.each(['prometheus/alerts.yaml', 'grafana/waybill.json'])(
    '%s only uses metrics of the server',
    (name) => {
      const named = [...new Set(read(name).match(/\bwaybill_\w+/g))];
      expect(named.length).toBeGreaterThan(4);
      const families = named.map((one) => one.replace(/_(?:bucket|sum|count)$/, ''));
      expect(families.filter((one) => !metrics.includes(`# TYPE ${one} `))).toEqual([]);
    },
  );

  it('name metrics by the conventions of Prometheus', () => {
    const { status, stdout, stderr } = promtool(['check', 'metrics'], metrics);
    expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
    expect(metrics).toContain('# TYPE nodejs_active_handles gauge');
  });

  it('have a dashboard whose expressions are valid in Prometheus, with existing labels', () => {
    const { panels } = JSON.parse(read('grafana/waybill.json')) as Dashboard;
    const targets = panels.flatMap((panel) => panel.targets);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const groups = targets.map(({ expr }, at) => ({
      record: `panel:${at}:value`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
    }));
    const file = join(mkdtempSync(join(tmpdir(), 'waybill-dashboard-')), 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: groups }] }));
    const { stdout, stderr, status } = promtool(['check', 'rules', file]);
    rmSync(dirname(file), { recursive: true });
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('SUCCESS')]);
    // Metrics that have no series here do not show their labels.
    for (const { expr } of targets) {
      const name = /waybill_\w+/.exec(expr)?.[0] ?? '';
      const labels = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ') ?? [];
      const series = metrics.split('\n').find((line) => line.startsWith(`${name}{`));
      if (series !== undefined)
        for (const label of labels) expect(`${series} instance=`).toContain(`${label}=`);
    }
    for (const { expr, legendFormat } of targets)
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(/by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ')).toContain(label);
  });

  it('have alerts that are valid in Prometheus, and fire as intended', () => {
    for (const args of [
      ['check', 'rules', 'alerts.yaml'],
      ['test', 'rules', 'alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = promtool(args);
      expect(`${stdout}${stderr}`).toContain('SUCCESS');
      expect(status).toBe(0);
    }
  });
});

describe('the unit for systemd', () => {
  it('is valid in systemd, with few privileges', () => {
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
  it('is built by existing executable scripts, and by commands of the repository', () => {
    const runs = [...read('Dockerfile').matchAll(/^RUN (.*)$/gm)].map(([, line]) => line!);
    const scripts = runs.join(' ').match(/\/image\/\S+/g) ?? [];
    expect(scripts).toEqual(['/image/node.sh', '/image/app.sh', '/image/root.sh']);
    const canRun = (script: string): boolean => (statSync(join(folder, script)).mode & 0o111) === 0o111;
    expect(scripts.filter((script) => !canRun(script))).toEqual([]);
    const { scripts: named } = JSON.parse(read('../package.json')) as { scripts: object };
    const wanted = [...runs.join(' ').matchAll(/npm run (\S+)/g)].map(([, name]) => name!);
    expect([wanted.length, wanted.filter((name) => !Object.hasOwn(named, name))]).toEqual([1, []]);
  });

  it('starts a file of the package, on the port and folder that its users name', () => {
    const text = read('Dockerfile');
    const entry = /ENTRYPOINT \["node", "\/app\/node_modules\/waybill\/(.*)"\]/.exec(text)?.[1] ?? '';
    expect(existsSync(join(folder, '../packages/waybill', entry))).toBe(true);
    for (const name of ['compose.yaml', 'kubernetes/waybill.yaml', 'kubernetes/waybill-postgres.yaml'])
      expect([name, read(name).includes('4400'), read(name).includes('/data')]).toEqual([name, true, true]);
  });
});
