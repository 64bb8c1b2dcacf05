import { carrySuite } from './carry.ts';
import { driverSuite } from './driver.ts';
import { leasesSuite } from './leases.ts';
import { logSuite } from './log.ts';
import { memorySuite } from './memory.ts';
import { retriesSuite } from './retries.ts';
import { settlementSuite } from './settlement.ts';
import { workspaceSuite } from './workspace.ts';
import { suiteContext, type StoreSuiteInput, type SuiteTools } from './tools.ts';

/** The conformance suite of the stores: every driver passes it, by its declared support. */
export function storeSuite(input: StoreSuiteInput, tools: SuiteTools): void {
  const context = suiteContext(input, tools);
  logSuite(context);
  carrySuite(context);
  settlementSuite(context);
  retriesSuite(context);
  memorySuite(context);
  leasesSuite(context);
  workspaceSuite(context);
  driverSuite(context);
}
