import type { Destination, ResolvedDestination, ResolvedSource, Source } from '@waybill/core';
import { destinations as own } from '@waybill/destinations';
import { createRedactor, secretsIn, secretsOf } from '@waybill/delivery';
import { sources as ownSources } from '@waybill/ingest';
import { Failure } from '../failure.ts';
import { failed } from '../load.ts';
import { duplicate } from '@waybill/definitions/modules';
import { type Contained, containedDestination } from './destination.ts';
import { UnusableModule } from './failure.ts';
import { createModuleProcess, type ModuleInput, type ModuleProcess, type ModuleStatus } from './process.ts';
import type { DescribedExports, RunTask } from './protocol.ts';
import { containedSource } from './source.ts';

/** A module and what it exports, as data. */
export interface DescribedModule extends DescribedExports {
  readonly module: string;
}

/** What the processes of modules are started with. */
export type ModulesInput = Pick<ModuleInput, 'limits' | 'env' | 'logger'>;

/** Milliseconds that lanes wait for what modules say of their settings, before they begin without it. */
const PATIENCE = 15_000;

/**
 * Loads each module in a process of its own, which ends again, and says what is in it. A name is a module file, a package folder
 * or an installed package, or `segment:<slug>` for a published definition. Throws a Failure that says what could not be loaded.
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
      remedy: 'The module must load by itself, and soon; what it does can wait until it is called.',
    });
  } finally {
    await process.stop();
  }
}

/** Waybill's own destinations, and those of modules without a process: for whoever needs their data alone. */
export function destinationsOf(
  modules: readonly DescribedModule[],
  env: ModulesInput['env'],
): readonly Destination[] {
  const described = modules.flatMap(({ destinations }) => destinations);
  return [...own, ...described.map((one) => containedDestination(one, nowhere, envSecrets(env)).destination)];
}

const nowhere: RunTask = () => Promise.reject(new Error('The code of this module does not run here.'));

/** Waybill's own sources, and those of modules without a process. */
export function sourcesOf(modules: readonly DescribedModule[]): readonly Source[] {
  return [
    ...ownSources,
    ...modules.flatMap(({ sources }) => sources.map((one) => containedSource(one, nowhere))),
  ];
}

/** Sources of modules, whose code runs in processes of their own: others than those that deliver. */
export interface SourceModules {
  /** Waybill's own sources, and those of the modules. */
  readonly sources: readonly Source[];
  /** Keeps the secrets of these out of what the code prints. */
  learn(resolved: readonly ResolvedSource[]): void;
  status(): readonly ModuleStatus[];
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** The sources of modules, described before; a process is started when a source is first asked for something. */
export function createSourceModules(
  described: readonly DescribedModule[],
  input: ModulesInput,
): SourceModules {
  const statuses = new Map<string, ModuleStatus>();
  const processes = new Map<ModuleProcess, readonly Source[]>();
  for (const { module, sources } of described) {
    if (sources.length === 0) continue;
    const onChange = (status: ModuleStatus): void => {
      // A module with destinations has another process for those.
      statuses.set(module, { ...status, module: `${module} (sources)` });
    };
    const process = createModuleProcess({ ...input, module, onChange });
    const run: RunTask = (task, context) => {
      process.start().catch(() => undefined);
      return process.run(task, context);
    };
    processes.set(
      process,
      sources.map((one) => containedSource(one, run)),
    );
  }
  return {
    sources: [...ownSources, ...[...processes.values()].flat()],
    learn(resolved) {
      for (const [process, its] of processes) {
        const used = resolved.filter(({ source }) => source !== undefined && its.includes(source));
        const secrets = used.flatMap(({ source, settings }) => secretsIn(source!.settings, settings));
        process.redact(createRedactor(secrets));
      }
    },
    status: () => [...statuses.values()],
    async stop() {
      await Promise.all([...processes.keys()].map((process) => process.stop()));
    },
  };
}

/** Modules whose code runs in processes of their own. */
export interface Modules {
  /** Waybill's own destinations, and those of the modules. */
  readonly destinations: readonly Destination[];
  /** Starts the processes that lanes need, and asks them what lanes must know at once. Never rejects. */
  prime(lanes: readonly ResolvedDestination[]): Promise<void>;
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** Modules, described before; a process is started when a lane needs it. */
export function createModules(
  described: readonly DescribedModule[],
  input: ModulesInput & { readonly onChange: (status: ModuleStatus) => void },
): Modules {
  const processes = new Map<ModuleProcess, readonly Contained[]>();
  for (const { module, destinations } of described) {
    if (destinations.length === 0) continue;
    const process = createModuleProcess({ ...input, module });
    const run: RunTask = (task, context) => {
      process.start().catch(() => undefined);
      return process.run(task, context);
    };
    processes.set(
      process,
      destinations.map((one) => containedDestination(one, run, envSecrets(input.env))),
    );
  }
  const contained = [...processes.values()].flat();

  const primeOne = async (process: ModuleProcess, lanes: readonly ResolvedDestination[]): Promise<void> => {
    process.redact(createRedactor(lanes.flatMap(secretsOf)));
    await process.start();
    for (const { destination, settings } of lanes)
      await contained.find((one) => one.destination === destination)?.prime(settings);
  };
  return {
    destinations: [...own, ...contained.map(({ destination }) => destination)],
    async prime(lanes) {
      const primed = [...processes].map(async ([process, its]) => {
        const slugs = new Set(its.map(({ destination }) => destination));
        const needed = lanes.filter(({ destination }) => slugs.has(destination));
        if (needed.length === 0) return;
        await primeOne(process, needed).catch((error: unknown) =>
          input.logger.warn(
            { module: process.status().module, err: error },
            'a partner module did not say what its lanes may take; its limits are learned instead',
          ),
        );
      });
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, PATIENCE);
      await Promise.race([Promise.all(primed), promise]);
      clearTimeout(timer);
    },
    async stop() {
      await Promise.all([...processes.keys()].map((process) => process.stop()));
    },
  };
}

/** The environment of modules: what every program needs, and the variables that the server names. */
export function moduleEnv(
  env: (name: string) => string | undefined,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of [...USUAL, ...names]) {
    const value = env(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** What an environment gives to modules beyond what every program needs: no record may show it. */
function envSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    USUAL.includes(name) || name.endsWith('_REGION') ? [] : [value],
  );
}

/** Variables without secrets that programs go by. */
const USUAL = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'MALLOC_ARENA_MAX',
];
