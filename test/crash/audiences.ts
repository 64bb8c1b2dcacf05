import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killHard } from './children.ts';
import { between, createDice } from './dice.ts';
import { type Installation, type Slot, startInstallation } from './installation.ts';
import { readyUrl } from './processes.ts';

/** How an audience source is run and killed. */
export interface AudiencesInput {
  readonly kills: number;
  readonly seed: number;
  readonly processes: number;
  readonly rows: number;
  readonly say: (text: string) => void;
}

/** The result of the test. */
export interface AudiencesTold {
  readonly runs: number;
  readonly events: number;
  /** What events say that rows do not, and the reverse. */
  readonly faults: readonly string[];
}

const SOURCE = 'members';

/** Milliseconds between a request for a run and a kill, at most: comparing, storing and sending take about that. */
const LATEST = 2_500;

/** The data about a member in an event. */
interface Told {
  readonly messageId: string;
  readonly userId: string;
  readonly event?: string;
  readonly properties?: { readonly plan: string };
  readonly traits?: { readonly plan: string };
}

/**
 * Changes the rows of an audience source, asks any process for a run, and kills the one that reads the source at any moment; in the end,
 * events say what the rows say, each change once.
 */
export async function runAudiences(input: AudiencesInput): Promise<AudiencesTold> {
  const { seed, processes, say } = input;
  const dice = createDice(seed);
  const folder = mkdtempSync(join(tmpdir(), 'waybill-audience-'));
  const file = join(folder, 'members.csv');
  const environments = Array.from({ length: processes }, () => ({ WAYBILL_AUDIENCE_FILES: folder }));
  const rows = new Map(Array.from({ length: input.rows }, (_, n) => [`m${n}`, 'free']));
  write(file, rows);
  const installation = await startInstallation(processes, 2, { environments });
  try {
    const settings = { file, key: 'id', audience: 'vip', everyMinutes: 0, maxRemovedPercent: 100 };
    await ask(installation, dice, 'sources', { id: SOURCE, type: 'audience', settings });
    let [runs, killed] = [0, 0];
    while (killed < input.kills) {
      if (runs > 0) change(rows, dice);
      write(file, rows);
      await ask(installation, dice, `sources/${SOURCE}/audience/run`, {});
      runs += 1;
      for (let times = between(dice, 1, 2); times > 0 && killed < input.kills; times -= 1) {
        await sleep(between(dice, 0, LATEST));
        if (await killReader(installation, dice)) killed += 1;
      }
      while (((await ask(installation, dice, `sources/${SOURCE}/audience`))?.last?.run ?? 0) < runs)
        await sleep(50);
      if (runs % 5 === 0) say(`${runs} runs, ${killed} kills`);
    }
    const events = await installation.query<{ body: string }>('SELECT body FROM waybill.events ORDER BY seq');
    const told = events.map(({ body }) => JSON.parse(body) as Told);
    return { runs, events: told.length, faults: faultsIn(told, rows) };
  } finally {
    await installation.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file: string, rows: ReadonlyMap<string, string>): void {
  const lines = [...rows].map(([id, plan]) => `${id},${plan}\n`);
  writeFileSync(`${file}.new`, `id,plan\n${lines.join('')}`);
  renameSync(`${file}.new`, file);
}

/** Adds, changes and removes a tenth of the rows. */
function change(rows: Map<string, string>, dice: () => number): void {
  const { size } = rows;
  for (let n = 0; n < size / 10; n += 1) {
    const id = `m${between(dice, 0, size * 1.2)}`;
    if (dice() < 0.3) rows.delete(id);
    else rows.set(id, `plan-${between(dice, 0, 1_000)}`);
  }
}

interface Standing {
  readonly last?: { readonly run: number };
}

/** Asks the processes until one answers: a process may be killed meanwhile. */
async function ask(
  installation: Installation,
  dice: () => number,
  path: string,
  body?: object,
): Promise<Standing | undefined> {
  for (;;) {
    const url = readyUrl(installation, dice);
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
    const given = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer =
      url === undefined
        ? undefined
        : await fetch(`${url}/api/${path}`, { headers, ...given }).catch(() => undefined);
    // A process that has just started may not know the source yet.
    if (answer?.ok === true) return (await answer.json().catch(() => undefined)) as Standing | undefined;
    if (answer?.status === 409) return undefined;
    await sleep(50);
  }
}

/** Kills the process that reads the source, and restarts it at once or later. Returns false while no process reads it. */
async function killReader({ query, slots }: Installation, dice: () => number): Promise<boolean> {
  const [row] = await query<{ pid: string }>(
    "SELECT split_part(holder, ' ', 2) AS pid FROM waybill.owners WHERE owner LIKE 'poll %' AND holder IS NOT NULL",
  );
  const slot = slots.find((one) => `${one.child().process.pid}` === row?.pid);
  if (slot === undefined || !slots.some((one: Slot) => one !== slot && one.url() !== undefined)) return false;
  await killHard(slot.child());
  if (dice() < 0.5) await sleep(between(dice, 0, 2_000));
  slot.restart();
  return true;
}

/** What the events tell, one after the other, against the rows as they are in the end. */
function faultsIn(told: readonly Told[], rows: ReadonlyMap<string, string>): readonly string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const state = new Map<string, string>();
  for (const { messageId, userId, event, properties, traits } of told) {
    if (ids.has(messageId)) faults.push(`${userId}: an event is there twice`);
    ids.add(messageId);
    const isThere = state.has(userId);
    if (isThere === (event === 'Audience Entered'))
      faults.push(`${userId}: ${event ?? 'changed'}, unexpectedly`);
    if (event === 'Audience Exited') state.delete(userId);
    else state.set(userId, (properties ?? traits)?.plan ?? '');
  }
  for (const [id, plan] of rows) if (state.get(id) !== plan) faults.push(`${id}: missing, or not ${plan}`);
  for (const id of state.keys()) if (!rows.has(id)) faults.push(`${id}: was not removed`);
  return faults;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
