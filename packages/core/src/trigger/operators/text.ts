import { ofOneValue, type FunctionEntry } from './function.ts';

function textFunction(
  name: string,
  doc: string,
  example: string,
  apply: (text: string) => string,
): FunctionEntry {
  return {
    name,
    parameters: ['text'],
    returns: 'string',
    doc: `${doc} Null when the argument is not a string.`,
    example,
    compile: ofOneValue((value) => (typeof value === 'string' ? apply(value) : null)),
  };
}

/** The words of a string: split at spaces, punctuation and inner capitals. */
function words(text: string): string[] {
  return text
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** The functions that transform a string. */
export const TEXT: readonly FunctionEntry[] = [
  textFunction('lowercase', 'The string in lower case.', 'lowercase(event) = "order completed"', (text) =>
    text.toLowerCase(),
  ),
  textFunction('uppercase', 'The string in upper case.', 'uppercase(properties.currency) = "EUR"', (text) =>
    text.toUpperCase(),
  ),
  textFunction(
    'snakecase',
    'The words of the string in lower case, joined by `_`.',
    'snakecase(event) = "order_completed"',
    (text) => words(text).join('_'),
  ),
  textFunction(
    'kebabcase',
    'The words of the string in lower case, joined by `-`.',
    'kebabcase(event) = "order-completed"',
    (text) => words(text).join('-'),
  ),
  textFunction(
    'titlecase',
    'The string with every word capitalised; nothing else changes.',
    'titlecase(event) = "Order Completed"',
    (text) =>
      text.replaceAll(
        /(^|\s)(\p{Ll})/gu,
        (_, before: string, letter: string) => before + letter.toUpperCase(),
      ),
  ),
];
