import { utf8Length } from '../../event/utf8.ts';
import { ofOneValue, type FunctionEntry } from './function.ts';

/** The function for the length of a string or list. */
export const LENGTH: readonly FunctionEntry[] = [
  {
    name: 'length',
    parameters: ['value'],
    returns: 'number',
    doc: 'The number of bytes of a string in UTF-8, or of items in a list; 0 for null and missing, null for everything else.',
    example: 'length(properties.products) > 3',
    compile: ofOneValue((value) => {
      if (typeof value === 'string') return utf8Length(value);
      if (Array.isArray(value)) return value.length;
      return value === null || value === undefined ? 0 : null;
    }),
  },
];
