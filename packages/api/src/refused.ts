import { ERRORS, type ErrorCode } from '@waybill/core';

const ABOUT_CONFIGURATION = /^(workspace|mapping|trigger)_|^tracking_plan_invalid$/;

/** The errors of a change of the workspace. */
export const CHANGED: readonly ErrorCode[] = [
  'request_not_found',
  ...(Object.keys(ERRORS) as ErrorCode[]).filter(
    (code) => ABOUT_CONFIGURATION.test(code) && ERRORS[code].status >= 400,
  ),
];
