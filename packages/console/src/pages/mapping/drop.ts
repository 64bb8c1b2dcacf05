import type { DragEvent } from 'react';

/** What a dragged path is called among what can be dropped. */
export const PATH_TYPE = 'application/x-waybill-path';

type Keys = readonly (string | number)[];

/** What makes an element take a path that is dropped on it, before those around it do. */
export function takesPath(take: (keys: Keys, event: DragEvent<HTMLElement>) => void): {
  onDragOver(event: DragEvent<HTMLElement>): void;
  onDrop(event: DragEvent<HTMLElement>): void;
} {
  return {
    onDragOver(event) {
      if (event.dataTransfer.types.includes(PATH_TYPE)) event.preventDefault();
    },
    onDrop(event) {
      const keys = event.dataTransfer.getData(PATH_TYPE);
      if (keys === '') return;
      event.preventDefault();
      event.stopPropagation();
      take(JSON.parse(keys) as Keys, event);
    },
  };
}
