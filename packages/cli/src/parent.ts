const LOOK_MS = 250;

/**
 * Calls when the process that started this one is gone, for what npm or an older Node has started: neither can tell it when it is
 * killed, and a shell between does not pass signals on. A server that was put in the background by hand goes on.
 */
export function onParentGone(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (env['npm_lifecycle_event'] === undefined && env['WAYBILL_OWN_NODE'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}
