import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

/** One tab with what it shows. */
export interface TabItem {
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** Controlled tabs: the selected one belongs in the URL. */
export function Tabs({
  label,
  items,
  selected,
  onSelect,
}: {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}): ReactNode {
  return (
    <TabProvider selectedId={selected} setSelectedId={(id) => onSelect(id ?? selected)}>
      <TabList aria-label={label} className={styles['list']}>
        {items.map(({ id, label: text }) => (
          <Tab key={id} id={id} className={styles['tab']}>
            {text}
          </Tab>
        ))}
      </TabList>
      {items.map(({ id, content }) => (
        <TabPanel key={id} tabId={id} className={styles['panel']} unmountOnHide>
          {content}
        </TabPanel>
      ))}
    </TabProvider>
  );
}
