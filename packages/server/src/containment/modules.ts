import type { Destination, ResolvedDestination } from '@waybill/core';
import { destinations as own } from '@waybill/destinations';
import { createRedactor, secretsOf } from '@waybill/delivery';
import { type Contained, containedDestination } from './destination.ts';
import { createModuleProcess, type ModuleInput, type ModuleProcess, type ModuleStatus } from './process.ts';
import type { DescribedExports, RunTask } from './protocol.ts';

/** A module and a description of its exports. */
export interface DescribedModule extends DescribedExports {
  readonly module: string;
}

/** The input of the processes of modules. */
export type ModulesInput = Pick<ModuleInput, 'limits' | 'env' | 'logger'>;

/** The maximum wait of lanes for the answers of modules about their settings, in milliseconds. */
const PATIENCE = 15_000;

/** Returns Waybill's own destinations, and those of modules without a process: for callers that only need their data. */
export function destinationsOf(
  modules: readonly DescribedModule[],
  env: ModulesInput['env'],
): readonly Destination[] {
  const described = modules.flatMap(({ destinations }) => destinations);
  return [...own, ...described.map((one) => containedDestination(one, nowhere, envSecrets(env)).destination)];
}

const nowhere: RunTask = () => Promise.reject(new Error('The code of this module does not run here.'));

/** Modules whose code runs in separate processes. */
export interface Modules {
  /** Waybill's own destinations, and those of the modules. */
  readonly destinations: readonly Destination[];
  /** Starts the processes that lanes need, and requests what lanes need synchronously. Never rejects. */
  prime(lanes: readonly ResolvedDestination[]): Promise<void>;
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** Creates modules from their descriptions; a process is started when a lane needs it. */
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
            'a partner module did not declare the limits of its lanes; they are learned instead',
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

/** Returns the environment of modules: the common variables, and those that the server names. */
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

/** Returns the values in an environment beyond the common variables: they must not appear in any record. */
function envSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    USUAL.includes(name) || name.endsWith('_REGION') ? [] : [value],
  );
}

/** Common variables without secrets. */
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
