import { Failure } from '../failure.ts';
import type { Role } from '../roles.ts';
import type { Admission } from './admission.ts';

/** The Retry-After in seconds, after which a sender may reach another process. */
const AGAIN = 5;

/** Wraps admission for external senders: a process without the role `intake` refuses them. */
export function admissionByRole(admission: Admission, roles: ReadonlySet<Role>): Admission {
  if (roles.has('intake')) return admission;
  return {
    ...admission,
    check() {
      throw new Failure('server_role_missing', undefined, [], AGAIN);
    },
  };
}
