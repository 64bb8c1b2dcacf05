import { ERRORS, type ErrorCode } from '@waybill/core';

const ABOUT_CONFIGURATION = /^(workspace|mapping|trigger)_|^tracking_plan_invalid$/;

/** What a change of the workspace can be refused for. */
export const CHANGED: readonly ErrorCode[] = [
  'request_not_found',
  ...(Object.keys(ERRORS) as ErrorCode[]).filter(
    (code) => ABOUT_CONFIGURATION.test(code) && ERRORS[code].status >= 400,
  ),
];
