import { expect, it } from 'vitest';
import { lineOf } from '../src/pages/plan/line.ts';

const TEXT = `{
  "type": "object",
  "properties": {
    "a, \\"b\\": [": { "type": ["string", {
      "x": 1 }] },
    "properties": {
      "required": [
        "one",
        2
      ]
    }
  }
}`;

it.each([
  ['', 1],
  ['type', 2],
  ['properties', 3],
  ['properties["a, \\"b\\": ["].type[1].x', 5],
  ['properties.properties.required', 7],
  ['properties.properties.required[1]', 9],
  // For a missing member: the line of its parent.
  ['properties.properties.required[1].none', 9],
  ['properties.none', 3],
  ['none', 1],
])('the line of %j', (path, line) => {
  expect(lineOf(TEXT, path)).toBe(line);
  expect(lineOf('{ "a": ', path)).toBe(1);
});
