import { check, type Steps } from './steps.ts';

/** Waits until all events have the outcome "delivered", with the installed command `waybill`. */
export async function outcomes(steps: Steps, folder: string, waybill: string, count: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const lines = steps.run(folder, `${waybill} events tail --outcomes --json`, true);
    const delivered = lines.split('\n').filter((line) => line.includes('"delivered"')).length;
    if (delivered >= count) return check(true, `${count} events have the outcome "delivered"`);
    if (tries > 30) throw new Error(`Of ${count} events ${delivered} were delivered:\n${lines}`);
    await new Promise((later) => setTimeout(later, 500));
  }
}
