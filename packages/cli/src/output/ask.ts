import confirm from '@inquirer/confirm';
import input from '@inquirer/input';
import select from '@inquirer/select';
import { CommandFailure, EXIT } from './exit.ts';

/** Whether prompts are possible. */
function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Prompts for text on a terminal; returns the fallback elsewhere. */
export async function askText(message: string, fallback: string): Promise<string> {
  return isInteractive() ? input({ message, default: fallback }) : fallback;
}

/** Prompts for a choice on a terminal; returns the first choice elsewhere. */
export async function askChoice<const T extends string>(
  message: string,
  choices: readonly { readonly value: T; readonly description: string }[],
): Promise<T> {
  if (!isInteractive()) return choices[0]!.value;
  return select({
    message,
    choices: choices.map(({ value, description }) => ({ value, name: value, description })),
  });
}

/** Prompts for confirmation; requires the flag if there is no terminal. */
export async function askConfirmation(message: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true;
  if (!isInteractive()) {
    throw new CommandFailure('This needs confirmation: pass --yes, or run it in a terminal.', EXIT.usage);
  }
  return confirm({ message, default: false });
}
