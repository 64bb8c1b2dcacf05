import type { Command } from 'commander';
import { registerApply } from './apply/command.ts';
import { registerBackfill } from './backfill/command.ts';
import { registerBackup } from './backup/command.ts';
import { registerCompletion } from './completion/command.ts';
import { registerDeadletters } from './deadletters/command.ts';
import { registerDestinations } from './destinations/command.ts';
import { registerEvents } from './events/command.ts';
import { registerExport } from './export/command.ts';
import { registerHistory } from './history/command.ts';
import { registerGenerateAction } from './init/action.ts';
import { registerInit } from './init/command.ts';
import type { Exit } from './output/exit.ts';
import { registerReference } from './reference/command.ts';
import { registerReplay } from './replay/command.ts';
import { registerResume } from './resume/command.ts';
import { registerServe } from './serve/command.ts';
import { registerSources } from './sources/command.ts';
import { registerGeneratePage } from './author/page.ts';
import { registerTest } from './test-command/command.ts';

/** The commands for authors of destinations, and for operators of a running server. Call it after `generate` is there. */
export function registerAuthoring(program: Command, exit: Exit): void {
  registerInit(program, exit);
  const generate = program.commands.find((command) => command.name() === 'generate');
  if (generate !== undefined) {
    registerGenerateAction(generate, exit);
    registerGeneratePage(generate, exit);
  }
  registerTest(program, exit);
  registerServe(program, exit);
  registerDestinations(program, exit);
  registerSources(program, exit);
  registerBackfill(program, exit);
  registerEvents(program, exit);
  registerDeadletters(program, exit);
  registerReplay(program, exit);
  registerResume(program, exit);
  registerBackup(program, exit);
  registerApply(program, exit);
  registerExport(program, exit);
  registerHistory(program, exit);
  registerCompletion(program, exit);
  registerReference(program, exit);
}
