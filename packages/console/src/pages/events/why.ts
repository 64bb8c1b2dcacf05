import type { AnswerOf } from '@waybill/api';

type Explained = AnswerOf<'POST /api/destinations/:id/explain'>['mappings'][number];

/** The explanation of a trigger. */
export type Trigger = Explained['trigger'];

/** A part of a trigger's text. */
export interface Piece {
  readonly text: string;
  /** Whether its condition is true; absent between conditions. */
  readonly holds?: boolean;
  readonly reads: Trigger['reads'];
}

/** Splits the text of a trigger into its single conditions, and the parts between them. */
export function piecesOf(trigger: Trigger): readonly Piece[] {
  const base = trigger.offset;
  const pieces: Piece[] = [];
  let at = 0;
  for (const one of conditionsOf(trigger)) {
    const begin = one.offset - base;
    if (begin < at) continue;
    if (begin > at) pieces.push({ text: trigger.text.slice(at, begin), reads: [] });
    pieces.push({ text: one.text, holds: one.holds, reads: one.reads });
    at = begin + one.text.length;
  }
  if (at < trigger.text.length) pieces.push({ text: trigger.text.slice(at), reads: [] });
  return pieces;
}

/** The single conditions, by position; those of list items once. */
function conditionsOf(trigger: Trigger): readonly Trigger[] {
  const isWhole = trigger.kind === 'condition' || trigger.kind === 'any' || trigger.kind === 'all';
  if (isWhole || trigger.children.length === 0) return [trigger];
  return trigger.children.flatMap(conditionsOf).toSorted((a, b) => a.offset - b.offset);
}

/** Returns the conditions that prevent a trigger from matching. */
export function failingOf(trigger: Trigger): readonly Trigger[] {
  if (trigger.holds) return [];
  if (trigger.kind === 'and' || trigger.kind === 'or') return trigger.children.flatMap(failingOf);
  return [trigger];
}
