import { badParams, json, success, type Reply } from '../model/errors.ts';
import { readableEvent } from './event-reads.ts';
import type { ExportJob } from '../model/export-job.ts';
import type { JsonObject } from '../json.ts';
import type { Project } from '../model/project.ts';
import { formatDate } from '../model/dates.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

/** The data types of consents that can be exported. */
const SAID = ['emailUnSubscribe', 'emailComplaint', 'emailSubscribe'];
/** The other data types that can be exported. */
const DATED = ['customEvent', 'purchase'];
/** The duration of a job. */
const RUNS_FOR = 1_000;
/** The maximum number of remembered jobs. */
const MOST_JOBS = 1_000;

type State = 'running' | 'completed' | 'cancelling';

function stateOf(job: ExportJob, now: number): State {
  if (job.cancelled) return 'cancelling';
  return now - job.startedAt < RUNS_FOR ? 'running' : 'completed';
}

/** Returns the lines of a finished job, from the current content; unsupported types are empty. */
function rowsOf(project: Project, { dataTypeName }: Pick<ExportJob, 'dataTypeName'>): readonly JsonObject[] {
  const who = ({
    email,
    userId,
  }: {
    readonly email?: string | undefined;
    readonly userId?: string | undefined;
  }) => ({
    email: email ?? null,
    userId: userId ?? null,
  });
  switch (dataTypeName) {
    case 'user':
      return [...project.profiles].map((profile) => ({ ...who(profile), ...profile.fields }));
    case 'customEvent':
      return [...project.events.values()].map((event) => ({
        ...who(event.owner),
        eventName: event.name,
        createdAt: formatDate(event.createdAt),
        ...(readableEvent(project, event) as unknown as { dataFields: JsonObject }).dataFields,
      }));
    case 'purchase':
      return [...project.purchases.values()].map(({ id, owner, total, fields, createdAt }) => ({
        ...who(owner),
        ...(fields === undefined ? {} : (JSON.parse(fields) as JsonObject)),
        id,
        total,
        createdAt: formatDate(createdAt),
      }));
    default:
      return [];
  }
}

/** The content of the file of a job: a line each, as CSV with a head or as JSON. */
export function exportFile(project: Project, id: number): Reply | undefined {
  const job = project.exports.get(id);
  if (job === undefined || stateOf(job, project.now()) !== 'completed') return undefined;
  const rows = rowsOf(project, job);
  if (!job.csv) {
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    return { status: 200, body, type: 'application/x-json-stream' };
  }
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const body = lines.map((line) => `${line.map(cell).join(',')}\n`).join('');
  return { status: 200, body, type: 'text/csv; charset=utf-8' };
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function start(call: ReceivedCall): Reply {
  const { project, body } = call;
  const { dataTypeName, outputFormat } = body as { dataTypeName: string; outputFormat: string }; // fits(shape)
  if (outputFormat !== 'text/csv' && outputFormat !== 'application/x-json-stream') {
    return badParams(`Unknown outputFormat: ${outputFormat}`);
  }
  const id = project.takeExportId();
  const csv = outputFormat === 'text/csv';
  project.exports.set(id, { id, dataTypeName, csv, startedAt: project.now(), cancelled: false });
  for (const oldest of project.exports.keys()) {
    if (project.exports.size <= MOST_JOBS) break;
    project.exports.delete(oldest);
  }
  return json({ jobId: id });
}

function jobs(call: ReceivedCall): Reply {
  const { project, query } = call;
  const wanted = query.get('jobState')?.toLowerCase();
  const all = [...project.exports.values()].map((job) => {
    const jobState = stateOf(job, project.now());
    const ended = jobState === 'completed';
    return {
      id: job.id,
      dataTypeName: job.dataTypeName,
      jobState,
      scheduledStartTime: formatDate(job.startedAt),
      ...(ended ? { endTime: formatDate(job.startedAt + RUNS_FOR) } : {}),
      ...(ended ? { bytesExported: Buffer.byteLength(exportFile(project, job.id)?.body ?? '') } : {}),
    };
  });
  return json({ jobs: all.filter(({ jobState }) => wanted === undefined || jobState === wanted) });
}

function files(call: ReceivedCall): Reply {
  const { project, params, query } = call;
  const job = jobOf(call);
  if (job === undefined) return badParams(`Export job not found: ${params[0]}`);
  const jobState = stateOf(job, project.now());
  const name = `file-${job.startedAt}.${job.csv ? 'csv' : 'json'}`;
  const after = query.get('startAfter') ?? '';
  const shown = jobState === 'completed' && name > after;
  const url = `${project.url}/_sandbox/exports/${job.id}`;
  return json({ exportTruncated: false, files: shown ? [{ file: name, url }] : [], jobId: job.id, jobState });
}

function cancel(call: ReceivedCall): Reply {
  const job = jobOf(call);
  if (job === undefined) return badParams(`Export job not found: ${call.params[0]}`);
  if (stateOf(job, call.project.now()) === 'running') job.cancelled = true;
  return success();
}

/** Returns the lines within a period: events, purchases, and consents. */
function data(call: ReceivedCall): Reply {
  const { project, query } = call;
  const of = query.get('dataTypeName') ?? '';
  const only = query.get('onlyFields')?.split(',');
  if (!SAID.includes(of) && !DATED.includes(of)) return badParams(`Unknown dataTypeName: ${of}`);
  const [from, to] = ['startDateTime', 'endDateTime'].map((name) => timeOf(query.get(name)));
  const isWithin = ({ createdAt }: JsonObject): boolean => {
    const at = timeOf(String(createdAt).slice(0, 19));
    return !(at < from!) && !(at > to!);
  };
  if (DATED.includes(of)) {
    const lines = rowsOf(project, { dataTypeName: of })
      .filter(isWithin)
      .map((row) => Object.entries(row).filter(([name]) => only?.includes(name) !== false))
      .map((members) => `${JSON.stringify(Object.fromEntries(members))}\n`);
    return { status: 200, body: lines.join(''), type: 'application/x-json-stream' };
  }
  const rows = project.said.flatMap(({ eventName, email, userId, dataFields }) => {
    const fields = dataFields as JsonObject;
    const isMeant = eventName === of && isWithin(fields);
    return isMeant ? [{ email: email ?? null, userId: userId ?? null, ...fields }] : [];
  });
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return { status: 200, body, type: 'application/x-json-stream' };
}

/** Milliseconds of "2026-01-15 12:00:00"; NaN without one. */
function timeOf(text: string | null): number {
  return Date.parse(`${text?.replace(' ', 'T')}Z`);
}

function jobOf({ project, params }: ReceivedCall): ExportJob | undefined {
  return project.exports.get(Number(params[0]));
}

/** Exports of data of the whole project. */
export const exportRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/export/start',
    shape: shape({
      dataTypeName: 'string!',
      outputFormat: 'string!',
      startDateTime: 'string',
      endDateTime: 'string',
      campaignId: 'integer',
      delimiter: 'string',
      omitFields: 'string',
      onlyFields: 'string',
    }),
    limits: perSecond(1),
    handle: start,
  },
  {
    method: 'GET',
    path: '/api/export/data.json',
    limits: [{ amount: 4, seconds: 60, per: 'project' }],
    handle: data,
  },
  { method: 'GET', path: '/api/export/jobs', handle: jobs },
  { method: 'GET', path: '/api/export/{jobId}/files', handle: files },
  { method: 'DELETE', path: '/api/export/{jobId}', handle: cancel },
];
