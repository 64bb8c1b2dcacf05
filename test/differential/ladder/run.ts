import { parseArgs } from 'node:util';
import { install } from './install.ts';
import { mock } from './mock.ts';
import { prism } from './prism.ts';
import type { Rung } from './rung.ts';
import { ultracart } from './ultracart.ts';

/*
 * Proofs that need packages which are too large to be installed with this repository, or files whose licence forbids to keep them here:
 *
 *   npm run ladder -- [--only TEXT] [--bigcommerce-description FOLDER] [--ultracart-sdk FOLDER] [--samples FOLDER]
 *
 * The description is the folder `reference` of github.com/bigcommerce/docs, the SDK a copy of github.com/UltraCart/rest_api_v2_sdk_javascript,
 * samples are answers of UltraCart as files `ultracart/rest.get*.json`.
 */
const RUNGS: readonly Rung[] = [mock, prism, ultracart];

const { values: named } = parseArgs({
  options: {
    only: { type: 'string' },
    'bigcommerce-description': { type: 'string' },
    'ultracart-sdk': { type: 'string' },
    samples: { type: 'string' },
  },
});

let failed = false;
for (const rung of RUNGS) {
  if (named.only !== undefined && !rung.name.toLowerCase().includes(named.only.toLowerCase())) continue;
  console.log(`\n${rung.name}`);
  if (rung.needs !== undefined && !(rung.needs in named)) {
    console.log(`  left out: name --${rung.needs}`);
    continue;
  }
  const installed = await install(rung.packages(named));
  try {
    for (const line of await rung.run({ load: installed.load, named })) console.log(`  ${line}`);
  } catch (error) {
    failed = true;
    console.log(`  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await installed.remove();
  }
}
process.exitCode = failed ? 1 : 0;
