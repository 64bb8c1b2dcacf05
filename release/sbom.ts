import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeTree } from './runtime.ts';

/** Returns the software bill of materials of `npm install waybill`: CycloneDX, as JSON. */
export function billOfMaterials(root: string): string {
  const tree = runtimeTree(root);
  const { version } = tree['node_modules/waybill']!;
  const manifest = {
    name: 'waybill-installation',
    version,
    private: true,
    dependencies: { waybill: version },
  };
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-sbom-'));
  // npm uses the name of the folder as that of the described package.
  const folder = join(scratch, manifest.name);
  try {
    mkdirSync(folder);
    const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest, ...tree } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
    if (done.status !== 0) throw new Error(`npm sbom failed:\n${done.stderr}`);
    return done.stdout;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
