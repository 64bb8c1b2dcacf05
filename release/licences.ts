import { type Locked, nameAt } from './runtime.ts';

/** Allowed licences of installed packages, by SPDX ID: permissive ones that at most require a notice. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

/** Whether an SPDX expression only allows a choice of allowed licences. */
export function isAllowed(expression: string): boolean {
  const terms = expression.replaceAll(/[()]/g, '').split(' OR ');
  return terms.some((one) => one.split(' AND ').every((id) => ALLOWED.has(id.trim())));
}

/** Returns a page with the licence of every package that is installed with `waybill`. */
export function licencesPage(tree: Readonly<Record<string, Locked>>): string {
  const rows = Object.entries(tree)
    .filter(([place]) => !/^node_modules\/(?:@waybill\/[^/]+|waybill)$/.test(place))
    .map(([place, { version, license }]) => `| ${nameAt(place)} | ${version} | ${license} |`);
  return [
    '# Licences',
    '',
    'Waybill is under the MIT licence. It is installed with these packages, whose folders have their licences in full. What the pages of the',
    'console are built of is in `@waybill/console/dist/site/licences.md`. `sbom.cdx.json` has the same packages for programs (CycloneDX).',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...[...new Set(rows)].sort(),
    '',
  ].join('\n');
}
