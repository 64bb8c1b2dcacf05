import { destinations as own } from '@waybill/destinations';
import { duplicate } from '@waybill/definitions/modules';
import { sources as ownSources } from '@waybill/ingest';
import { Failure } from '../failure.ts';
import { failed } from '../load.ts';
import { UnusableModule } from './failure.ts';
import type { DescribedModule, ModulesInput } from './modules.ts';
import { createModuleProcess } from './process.ts';

/**
 * Loads each module in a separate process, which then ends, and describes its exports. A name is a module file, a package folder or
 * an installed package, or `segment:<slug>` for a published definition. Throws a Failure that names what could not be loaded.
 */
export async function describeModules(
  names: readonly string[],
  input: ModulesInput,
): Promise<readonly DescribedModule[]> {
  const described = await Promise.all(names.map((module) => describeModule(module, input)));
  const known = new Set(own.map(({ slug }) => slug));
  const knownSources = new Set(ownSources.map(({ slug }) => slug));
  for (const { module, destinations, sources } of described) {
    for (const { slug } of destinations) {
      if (known.has(slug)) throw failed(module, duplicate(slug));
      known.add(slug);
    }
    for (const { slug } of sources) {
      if (knownSources.has(slug)) throw failed(module, duplicate(slug, '', 'source'));
      knownSources.add(slug);
    }
  }
  return described;
}

async function describeModule(module: string, input: ModulesInput): Promise<DescribedModule> {
  const process = createModuleProcess({ ...input, module, onChange: () => undefined });
  try {
    return { module, ...(await process.start()) };
  } catch (error) {
    if (error instanceof UnusableModule) throw new Failure(error.code, error.message, error.issues);
    const { reason } = process.status();
    throw failed(module, {
      message: reason ?? (error as Error).message,
      remedy: 'The module must load by itself, and quickly; move work into its functions.',
    });
  } finally {
    await process.stop();
  }
}
