import type { Destination, ResolvedDestination } from '@waybill/core';
import { destinations as own } from '@waybill/destinations';
import { createRedactor, secretsOf } from '@waybill/delivery';
import { type Contained, containedDestination } from './destination.ts';
import { createModuleProcess, type ModuleInput, type ModuleProcess, type ModuleStatus } from './process.ts';
import type { DescribedExports, RunTask } from './protocol.ts';

/** A module and what it exports, as data. */
export interface DescribedModule extends DescribedExports {
  readonly module: string;
}

/** What the processes of modules are started with. */
export type ModulesInput = Pick<ModuleInput, 'limits' | 'env' | 'logger'>;

/** Milliseconds that lanes wait for what modules say of their settings, before they begin without it. */
const PATIENCE = 15_000;

/** Waybill's own destinations, and those of modules without a process: for whoever needs their data alone. */
export function destinationsOf(
  modules: readonly DescribedModule[],
  env: ModulesInput['env'],
): readonly Destination[] {
  const described = modules.flatMap(({ destinations }) => destinations);
  return [...own, ...described.map((one) => containedDestination(one, nowhere, envSecrets(env)).destination)];
}

const nowhere: RunTask = () => Promise.reject(new Error('The code of this module does not run here.'));

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
