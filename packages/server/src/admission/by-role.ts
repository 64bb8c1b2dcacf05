import { Failure } from '../failure.ts';
import type { Role } from '../roles.ts';
import type { Admission } from './admission.ts';

/** Seconds after which a sender may try again, and perhaps reach another process. */
const AGAIN = 5;

/** The admission as those see it who send from outside: a process without the role `intake` takes nothing of them. */
export function admissionByRole(admission: Admission, roles: ReadonlySet<Role>): Admission {
  if (roles.has('intake')) return admission;
  return {
    ...admission,
    check() {
      throw new Failure('server_role_missing', undefined, [], AGAIN);
    },
  };
}
