import type { ReactNode } from 'react';
import icon from './icon.svg';

/** The strip on top of every page. `index.html` has the same, so that it is visible before scripts run. */
export function Banner({ children }: { readonly children?: ReactNode }): ReactNode {
  return (
    <header className="banner">
      <img src={icon} alt="" width={24} height={24} />
      <span className="banner-name">Waybill</span>
      {children}
    </header>
  );
}
