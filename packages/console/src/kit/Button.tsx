import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

/** A button; `primary` for the one next step of a page, `danger` for what cannot be undone. */
export function Button({
  look = 'plain',
  type = 'button',
  className,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
}): ReactNode {
  const names = [styles['button'], styles[look], className].filter(Boolean).join(' ');
  return <button type={type} className={names} {...rest} />;
}
