import type { NewToken, Token } from '@waybill/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient, useEntrance, useSession } from '../../session.tsx';
import cards from '../../kit/Cards.module.css';
import styles from './Settings.module.css';
import { CreateToken, RemoveToken, RotateToken } from './TokenDialogs.tsx';

/** The initial token. */
const ADMIN = 'admin';

/** The open dialog. */
type Opened = { readonly what: 'create' } | { readonly what: 'rotate' | 'remove'; readonly name: string };

/** The tokens, for those with permission to see them. */
export function Tokens(): ReactNode {
  const t = useTexts();
  const { role } = useSession();
  if (role === 'admin') return <TokenList />;
  return <Empty title={t('settings.token.forbidden')}>{t('settings.token.forbidden.next')}</Empty>;
}

function TokenList(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { name: me } = useSession();
  const { signIn } = useEntrance();
  const [opened, setOpened] = useState<Opened>();
  const [made, setMade] = useState<NewToken>();
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: () => client.get('/api/tokens') });
  const about = useQuery({ queryKey: ['about'], queryFn: () => client.get('/api/about') });
  if (tokens.isError) return <Failure error={tokens.error} onRetry={() => void tokens.refetch()} />;
  if (tokens.data === undefined) return <Loading />;
  const close = (): void => setOpened(undefined);
  const done = async (next?: NewToken): Promise<void> => {
    close();
    setMade(next);
    // The session has ended with the old token; signs in with the new one automatically.
    if (next !== undefined && next.name === me) await signIn(next.token);
    void queries.invalidateQueries({ queryKey: ['tokens'] });
  };
  return (
    <>
      {made === undefined ? null : <Made made={made} onDone={() => setMade(undefined)} />}
      <p>
        <Button look="primary" onClick={() => setOpened({ what: 'create' })}>
          {t('settings.token.new')}
        </Button>
      </p>
      <div className={styles['scroller']}>
        <table className={`${styles['table']} ${cards['cards']}`}>
          <thead>
            <tr>
              <th scope="col">{t('settings.token.name')}</th>
              <th scope="col">{t('settings.token.role')}</th>
              <th scope="col">{t('settings.token.made')}</th>
              <th scope="col">{t('settings.token.used')}</th>
              <th scope="col">{t('settings.token.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {tokens.data.map((token) => (
              <Row
                key={token.name}
                token={token}
                isFixed={token.name === ADMIN && about.data?.adminTokenFixed === true}
                onOpen={setOpened}
              />
            ))}
          </tbody>
        </table>
      </div>
      {opened?.what === 'create' ? <CreateToken onClose={close} onDone={done} /> : null}
      {opened?.what === 'rotate' ? (
        <RotateToken name={opened.name} isAdmin={opened.name === ADMIN} onClose={close} onDone={done} />
      ) : null}
      {opened?.what === 'remove' ? <RemoveToken name={opened.name} onClose={close} onDone={done} /> : null}
    </>
  );
}

function Row({
  token: { name, role, createdAt, createdBy, usedAt },
  isFixed,
  onOpen,
}: {
  readonly token: Token;
  readonly isFixed: boolean;
  readonly onOpen: (opened: Opened) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('settings.token.role')} title={t(`settings.role.${role}`)}>
        {role}
      </td>
      <td data-label={t('settings.token.made')}>
        {createdAt === undefined ? t('settings.token.start') : <Time at={createdAt} />}
        {createdBy === undefined ? null : ` ${t('settings.token.by', { name: createdBy })}`}
      </td>
      <td data-label={t('settings.token.used')}>
        {usedAt === undefined ? t('settings.token.used.never') : <Time at={usedAt} />}
      </td>
      <td className={styles['actions']}>
        <Actions name={name} isFixed={isFixed} onOpen={onOpen} />
      </td>
    </tr>
  );
}

function Actions({
  name,
  isFixed,
  onOpen,
}: {
  readonly name: string;
  readonly isFixed: boolean;
  readonly onOpen: (opened: Opened) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <>
      {isFixed ? (
        <span className={styles['muted']}>{t('settings.token.fixed')}</span>
      ) : (
        <Button
          aria-label={t('settings.token.rotate.named', { name })}
          onClick={() => onOpen({ what: 'rotate', name })}
        >
          {t('settings.token.rotate')}
        </Button>
      )}
      {name === ADMIN ? null : (
        <Button
          look="danger"
          aria-label={t('settings.token.remove.named', { name })}
          onClick={() => onOpen({ what: 'remove', name })}
        >
          {t('settings.token.remove')}
        </Button>
      )}
    </>
  );
}

function Made({ made, onDone }: { readonly made: NewToken; readonly onDone: () => void }): ReactNode {
  const t = useTexts();
  return (
    <section role="status" className={styles['made']}>
      <p>{t('settings.token.once', { name: made.name })}</p>
      <Copy text={made.token} />
      <div>
        <Button onClick={onDone}>{t('settings.token.done')}</Button>
      </div>
    </section>
  );
}
