import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAllowed, licencesPage } from '../../release/licences.ts';
import { nameAt, runtimeTree } from '../../release/runtime.ts';
import { billOfMaterials } from '../../release/sbom.ts';
import { MOST_PACKAGES, PEERS } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const tree = runtimeTree(root);

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly unknown[];
    readonly licenses?: readonly unknown[];
  }[];
}

describe('what is installed with waybill', () => {
  it('is as few packages as promised, of which none runs a script and none is of another event platform', () => {
    const names = Object.keys(tree).map(nameAt);
    expect(names).toEqual(
      expect.arrayContaining(['waybill', '@waybill/server', 'fastify', 'pg', 'commander']),
    );
    expect(names.length).toBeLessThanOrEqual(MOST_PACKAGES);
    expect(names.filter((name) => PEERS.test(name))).toEqual([]);
    const scripts = Object.entries(tree).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripts.map(([place]) => place)).toEqual([]);
  });

  it('is under licences of the allow list', () => {
    const refused = Object.entries(tree).filter(([, { license }]) => !isAllowed(license ?? 'none'));
    expect(refused.map(([place, { license }]) => `${place}: ${license}`)).toEqual([]);
    expect(['GPL-3.0-only', 'MIT AND GPL-2.0-only', 'none', ''].map(isAllowed)).toEqual(Array(4).fill(false));
    expect(['MIT', '(MIT OR GPL-2.0-only)', '(Apache-2.0 AND MIT)'].map(isAllowed)).toEqual(
      Array(3).fill(true),
    );
  });

  it('has a console built from packages under such licences, and includes their notices', () => {
    const page = readFileSync(join(root, 'packages/console/dist/site/licences.md'), 'utf8');
    const built = [...page.matchAll(/^## (\S+) - \S+ \((.+)\)$/gm)].map(([, name, licence]) => ({
      name,
      licence: licence!,
    }));
    expect(built.map(({ name }) => name)).toEqual(expect.arrayContaining(['react', 'react-dom']));
    expect(built.filter(({ licence }) => !isAllowed(licence))).toEqual([]);
    expect(page).toContain('Permission is hereby granted');
  });

  it('is in the page of licences and in the bill of materials, each with its licence', () => {
    const page = licencesPage(tree);
    const bill = JSON.parse(billOfMaterials(root)) as Bill;
    expect([bill.bomFormat, bill.metadata.component.name]).toEqual(['CycloneDX', 'waybill-installation']);
    const listed = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
    for (const [place, { version }] of Object.entries(tree)) {
      const name = nameAt(place);
      expect(listed).toContain(`${name} ${version}`);
      if (!/^(@waybill\/|waybill$)/.test(name)) expect(page).toContain(`| ${name} | ${version} | `);
    }
    expect(bill.components.filter(({ licenses = [], purl }) => licenses.length === 0 || purl === '')).toEqual(
      [],
    );
  });
});
