import type { Command } from 'commander';
import type { Exit } from './output/exit.ts';

/** Adds a command to a program. */
type Register = (program: Command, exit: Exit) => void;

const backup = async (): Promise<Register> => (await import('./backup/command.ts')).registerBackup;

/** The commands, in the order of the help. The code of a command is loaded on demand. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  start: async () => (await import('./start/command.ts')).registerStart,
  demo: async () => (await import('./demo/command.ts')).registerDemo,
  generate: async () => (await import('./generate/command.ts')).registerGenerate,
  validate: async () => (await import('./validate/command.ts')).registerValidate,
  diff: async () => (await import('./diff/command.ts')).registerDiff,
  init: async () => (await import('./init/command.ts')).registerInit,
  test: async () => (await import('./test-command/command.ts')).registerTest,
  serve: async () => (await import('./serve/command.ts')).registerServe,
  destinations: async () => (await import('./destinations/command.ts')).registerDestinations,
  connect: async () => (await import('./connect/command.ts')).registerConnect,
  sources: async () => (await import('./sources/command.ts')).registerSources,
  audience: async () => (await import('./audience/command.ts')).registerAudience,
  'tracking-plan': async () => (await import('./tracking-plan/command.ts')).registerTrackingPlan,
  backfill: async () => (await import('./backfill/command.ts')).registerBackfill,
  reconcile: async () => (await import('./reconcile/command.ts')).registerReconcile,
  events: async () => (await import('./events/command.ts')).registerEvents,
  deadletters: async () => (await import('./deadletters/command.ts')).registerDeadletters,
  deletions: async () => (await import('./deletions/command.ts')).registerDeletions,
  replay: async () => (await import('./replay/command.ts')).registerReplay,
  resume: async () => (await import('./resume/command.ts')).registerResume,
  backup,
  restore: backup,
  store: async () => (await import('./store/command.ts')).registerStore,
  doctor: async () => (await import('./doctor/command.ts')).registerDoctor,
  apply: async () => (await import('./apply/command.ts')).registerApply,
  export: async () => (await import('./export/command.ts')).registerExport,
  history: async () => (await import('./history/command.ts')).registerHistory,
  completion: async () => (await import('./completion/command.ts')).registerCompletion,
  reference: async () => (await import('./reference/command.ts')).registerReference,
};

/** Commands about all others. */
const OF_ALL = new Set(['completion', 'reference']);

/** Returns the commands that a command line needs: its own, or all if it names none. */
export async function commandsFor([name = '']: readonly string[]): Promise<ReadonlySet<Register>> {
  if (name === '--version' || name === '-V') return new Set();
  const isOne = Object.hasOwn(COMMANDS, name) && !OF_ALL.has(name);
  const loaders = isOne ? [COMMANDS[name]!] : Object.values(COMMANDS);
  return new Set(await Promise.all(loaders.map((load) => load())));
}
