import type { Destination } from './define/destination.ts';
import type { Derivation, DerivedPayload } from './define/derive.ts';
import { type Recall, recalling, type RecallMany } from './identity/memory.ts';
import type { ProjectType } from './identity/resolve.ts';
import { identify, type ReadyItem, refused } from './pipeline.ts';
import { type Outcome, rejected, retry } from './result/outcome.ts';

/** An item with the identifiers and batch key from its destination, or with the outcome that ends it. */
export type CompletedItem = { readonly ready: ReadyItem } | { readonly outcome: Outcome };

/** Whether items still need identifiers or batch keys, because the code of their destination is in another process; see `Derivation`. */
export function isIncomplete({ actions }: Destination): boolean {
  return Object.values(actions).some(({ derive }) => derive !== undefined);
}

/** Whether an item lacks that. What an action says of its identifiers as data needs none of its code. */
export function lacksDerivation({ item, rule }: ReadyItem, { actions }: Destination): boolean {
  const action = actions[rule.action];
  if (action?.derive === undefined) return false;
  return action.identifiers === undefined || item.identity === undefined;
}

/** Asks the code of a destination for identifiers and batch keys of items, in one call per action. Never rejects. */
export async function completeItems(
  items: readonly ReadyItem[],
  {
    destination,
    settings,
    recall,
  }: {
    readonly destination: Destination;
    readonly settings: unknown;
    /** Recalls the remembered identifiers of users, for items without the identifier that the project type needs. */
    readonly recall: RecallMany | undefined;
  },
): Promise<readonly CompletedItem[]> {
  const completed = new Array<CompletedItem | undefined>(items.length);
  const lacking = [...items.keys()].filter((index) => lacksDerivation(items[index]!, destination));
  const indexes = Map.groupBy(lacking, (index) => items[index]!.rule.action);
  await Promise.all(
    [...indexes].map(async ([name, own]) => {
      const derive = destination.actions[name]?.derive;
      if (derive === undefined) return;
      const payloads = own.map((index) => items[index]!.item.payload);
      const derivation = await derive(payloads, settings).catch((error: unknown): Derivation => ({
        failure: retry('destination_bug', error instanceof Error ? error.message : String(error)),
      }));
      const { failure } = derivation;
      const completeAll = (known?: Recall): readonly CompletedItem[] =>
        own.map((index, at) =>
          failure === undefined
            ? complete(items[index]!, derivation.each(at), derivation.projectType, known)
            : { outcome: failure },
        );
      const all = recall === undefined ? completeAll() : await recalling(completeAll, recall);
      for (const [at, index] of own.entries()) completed[index] = all[at]!;
    }),
  );
  return items.map((ready, index) => completed[index] ?? { ready });
}

function complete(
  ready: ReadyItem,
  derived: DerivedPayload | undefined,
  projectType: ProjectType | undefined,
  recall: Recall | undefined,
): CompletedItem {
  if (derived === undefined || derived.problem !== undefined)
    return { outcome: rejected('action_value_invalid', derived?.problem) };
  const { identifiers } = derived;
  const group = joined(ready.group, derived.group);
  if (projectType === undefined || identifiers === undefined) return { ready: { ...ready, group } };
  const resolved = identify(identifiers, projectType, recall);
  if (!resolved.ok) return { outcome: refused([resolved.issue]) };
  return { ready: { ...ready, group, item: { ...ready.item, identity: resolved.identity } } };
}

/** What keeps items apart precedes the batch key, as it does when the key is known at once. */
function joined(before: string | undefined, key: string | undefined): string | undefined {
  return before === undefined ? key : `${before}${key ?? ''}`;
}
