import { ApiError } from '@waybill/api';
import { printError, printJson } from './print.ts';

/** Exit codes, for scripts. */
export const EXIT = { ok: 0, problems: 1, usage: 2, unreachable: 3 } as const;

/** Receives the exit code of a command. */
export type Exit = (code: number) => void;

/** An expected failure of a command: the message is all that users need. */
export class CommandFailure extends Error {
  readonly exit: number;
  /** Machine-readable data in addition to the message. */
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
  } catch (thrown) {
    const error = thrown instanceof ApiError ? refused(thrown) : thrown;
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

/** Converts a refusal, or a missing server, to a failure of a command. */
function refused({ code, status, message, remedy, issues }: ApiError): CommandFailure {
  if (code === 'server_unreachable')
    return new CommandFailure(
      `${message} Start one with "waybill start", or name another with --url.`,
      EXIT.unreachable,
    );
  if (code === 'server_unreadable_answer') return new CommandFailure(message, EXIT.unreachable);
  if (status === 401) {
    const text = `${message} (${code})\nDoes the token belong to another server?`;
    return new CommandFailure(text, EXIT.unreachable, { code });
  }
  const said = remedy === '' ? {} : { remedy };
  const named = issues.length === 0 ? {} : { issues };
  const text = [`${message} (${code})`, ...Object.values(said)].join('\n');
  return new CommandFailure(text, EXIT.problems, { code, ...said, ...named });
}
