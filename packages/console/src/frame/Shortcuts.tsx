import type { ReactNode } from 'react';
import { Dialog } from '../kit/Dialog.tsx';
import menu from '../kit/Menu.module.css';
import { useTexts } from '../preferences.ts';

/** The list of keyboard shortcuts of every page. */
export function Shortcuts({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const keys = [
    [t('frame.keys.command'), t('frame.goTo')],
    [t('frame.keys.undo.keys'), t('frame.keys.undo')],
    ['j', t('frame.keys.next')],
    ['k', t('frame.keys.before')],
    ['?', t('frame.keys')],
    ['Esc', t('frame.keys.close')],
  ] as const;
  return (
    <Dialog title={t('frame.keys')} open={open} onClose={onClose} dismiss={t('kit.close')}>
      <dl className={menu['keys']}>
        {keys.map(([key, what]) => [
          <dt key={`${key} key`}>
            <kbd>{key}</kbd>
          </dt>,
          <dd key={key}>{what}</dd>,
        ])}
      </dl>
      <p>{t('frame.keys.off')}</p>
    </Dialog>
  );
}
