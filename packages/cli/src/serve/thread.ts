import { parentPort, workerData } from 'node:worker_threads';
import type { Destination } from '@waybill/core';
import { type PageData, pageData } from '@waybill/definitions';
import { openInstance } from '../author/instance.ts';
import { loadDestination } from '../author/load.ts';
import type { Question, Said, ThreadData } from './protocol.ts';
import { tryAction } from './try.ts';

/*
 * The destination under development runs in a separate thread: every change starts a new one, so that all its modules are reloaded,
 * and an error in them cannot crash the page.
 */

const { module, settings } = workerData as ThreadData;
const say = (said: Said): void => parentPort!.postMessage(said);

try {
  const destination = await loadDestination(module);
  parentPort!.on('message', (question: Question) => {
    answer(destination, question).then(
      (value) => say({ kind: 'answer', id: question.id, value }),
      (error: unknown) => say({ kind: 'failed', id: question.id, message: messageOf(error) }),
    );
  });
  say({
    kind: 'loaded',
    shown: JSON.parse(JSON.stringify(pageData(destination, settings))) as PageData,
  });
} catch (error) {
  say({ kind: 'broken', message: messageOf(error) });
}

async function answer(destination: Destination, question: Question): Promise<unknown> {
  if (question.kind === 'try') return tryAction(destination, settings, question.input);
  const instance = {
    id: destination.slug,
    destination,
    settings: { ...settings, ...question.settings },
    mappings: [],
  };
  return openInstance(instance, true).testConnection();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
