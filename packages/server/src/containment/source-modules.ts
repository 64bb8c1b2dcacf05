import type { ResolvedSource, Source } from '@waybill/core';
import { createRedactor, secretsIn } from '@waybill/delivery';
import { sources as own } from '@waybill/ingest';
import type { DescribedModule, ModulesInput } from './modules.ts';
import { createModuleProcess, type ModuleProcess, type ModuleStatus } from './process.ts';
import type { RunTask } from './protocol.ts';
import { containedSource } from './source.ts';

/** Sources of modules, whose code runs in separate processes: others than those for delivery. */
export interface SourceModules {
  /** Waybill's own sources, and those of the modules. */
  readonly sources: readonly Source[];
  /** Redacts these secrets from the output of the code. */
  learn(resolved: readonly ResolvedSource[]): void;
  status(): readonly ModuleStatus[];
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** Creates the sources of modules from their descriptions; a process is started on first use of a source. */
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
    sources: [...own, ...[...processes.values()].flat()],
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
