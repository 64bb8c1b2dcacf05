import { isKeyword, tokenAt, type Token } from './lex.ts';
import { TriggerError } from './errors.ts';
import { MAX_TRIGGER_LENGTH } from './limits.ts';
import type { Span } from './ast.ts';

/** The kind of a token of a trigger, for highlighting. */
export type TriggerTokenKind = 'keyword' | 'function' | 'path' | 'text' | 'number' | 'mark' | 'error';

/** A token of a trigger. Between two tokens there is only white space. */
export interface TriggerToken extends Span {
  readonly kind: TriggerTokenKind;
}

/**
 * Splits a trigger, also an unfinished one, into tokens. Never throws: what cannot be read becomes an error token, and
 * the rest is still split.
 */
export function triggerTokens(text: string): readonly TriggerToken[] {
  const readable = text.slice(0, MAX_TRIGGER_LENGTH);
  const tokens: TriggerToken[] = [];
  let at = 0;
  for (;;) {
    while (at < readable.length && /\s/u.test(readable[at]!)) at += 1;
    if (at >= readable.length) break;
    const token = pieceAt(readable, at);
    tokens.push(token);
    at = token.end;
  }
  if (text.length > readable.length)
    tokens.push({ kind: 'error', offset: readable.length, end: text.length });
  return tokens;
}

function pieceAt(text: string, offset: number): TriggerToken {
  try {
    const token = tokenAt(text, offset);
    return { kind: kindOf(token, text), offset, end: token.end };
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    // An unclosed string takes everything; otherwise the error token ends at the mistake.
    const isOpen = (text[offset] === '"' || text[offset] === "'") && error.offset === offset;
    return { kind: 'error', offset, end: isOpen ? text.length : Math.max(error.offset, offset + 1) };
  }
}

function kindOf(token: Token, text: string): TriggerTokenKind {
  switch (token.kind) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'word':
      if (token.plain && isKeyword(token.segments[0]!)) return 'keyword';
      return token.plain && /^\s*\(/u.test(text.slice(token.end, token.end + 40)) ? 'function' : 'path';
    default:
      return 'mark';
  }
}
