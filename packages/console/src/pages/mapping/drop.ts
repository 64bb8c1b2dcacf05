import type { DragEvent } from 'react';

/** The data type of a dragged path. */
export const PATH_TYPE = 'application/x-waybill-path';

type Keys = readonly (string | number)[];

/** The handlers that make an element accept a dropped path, before its ancestors. */
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
