import { printError, printJson } from './print.ts';

/** Exit codes, for scripts to tell apart. */
export const EXIT = { ok: 0, problems: 1, usage: 2, unreachable: 3 } as const;

/** Takes the exit code of a command that has run. */
export type Exit = (code: number) => void;

/** An expected failure of a command: the message is all that a person needs to see. */
export class CommandFailure extends Error {
  readonly exit: number;
  /** What machines get beside the message. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(
    message: string,
    exit: number = EXIT.problems,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'CommandFailure';
    this.exit = exit;
    this.details = details;
  }
}

/** Runs the body of a command; expected failures become a message and an exit code. */
export async function conclude(
  exit: Exit,
  json: boolean | undefined,
  body: () => Promise<number> | number,
): Promise<void> {
  try {
    exit(await body());
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      printError('Stopped; nothing was done.');
      exit(EXIT.problems);
      return;
    }
    if (!(error instanceof CommandFailure)) throw error;
    if (json === true) {
      printJson({ success: false, error: { message: error.message, ...error.details } });
    } else printError(error.message);
    exit(error.exit);
  }
}
