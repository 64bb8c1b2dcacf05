import type { Issue } from '../result/issue.ts';

/** One choice of a dynamic field, as the account has it now. */
export interface DynamicChoice {
  readonly label: string;
  readonly value: string | number;
  readonly description?: string;
}

/** What a person has filled in so far, and what they look for. */
export interface DynamicQuestion {
  /** The values of the other fields, as far as they are plain. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Text to narrow the choices by; without regard to case. */
  readonly query?: string;
  /** Where the last answer ended: its `nextPage`. */
  readonly page?: string;
}

/** The choices, or why they cannot be read. */
export type DynamicAnswer =
  | { readonly choices: readonly DynamicChoice[]; readonly nextPage?: string; readonly error?: undefined }
  | { readonly error: Issue };

/** Reads the choices of one field from the account; `C` is what it is handed to do so. */
export type DynamicField<C> = (context: C, question: DynamicQuestion) => Promise<DynamicAnswer>;
