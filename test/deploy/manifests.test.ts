import { describe, expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { validate as problemsOfDockerfile } from 'dockerfile-utils';
import { parse, parseAllDocuments } from 'yaml';
import { VARIABLES } from '../../packages/cli/src/reference/variables.ts';

/*
 * What no Docker and no cluster is here to take: each file against the schema of what reads it, and the names within it against
 * one another and against the server.
 */

const deploy = join(import.meta.dirname, '../../deploy');
const read = (name: string): string => readFileSync(join(deploy, name), 'utf8');
const known = new Set(VARIABLES.flatMap(({ variables }) => variables.map(({ name }) => name)));

// Files are read member by member.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Read = any;

describe('the compose files', () => {
  const require = createRequire(import.meta.url);
  // A linter carries the schema of the Compose Specification.
  const schema = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json');
  // Its name of the draft is one that ajv does not have.
  const { $schema: _, ...rules } = JSON.parse(readFileSync(schema, 'utf8')) as Record<string, unknown>;
  const check = new Ajv({ strict: false, formats: { duration: true } }).compile(rules);
  const problems = (value: unknown): unknown => (check(value) ? [] : check.errors);
  const [sqlite, postgres] = ['compose.yaml', 'compose.postgres.yaml'].map(
    (name) => parse(read(name)) as Read,
  );

  it('match their schema, with all members and types', () => {
    expect([problems(sqlite), problems(postgres)]).toEqual([[], []]);
    const service: object = sqlite.services.waybill;
    for (const wrong of [{ read_onli: true }, { cap_drop: 'ALL' }, { stop_grace_period: 30 }])
      expect(problems({ services: { waybill: { ...service, ...wrong } } })).not.toEqual([]);
  });

  it('name existing volumes, services, variables and files', () => {
    const services = { ...sqlite.services, ...postgres.services } as Record<string, Read>;
    const volumes = { ...sqlite.volumes, ...postgres.volumes } as object;
    for (const { volumes: mounts = [], depends_on: needed = {} } of Object.values(services)) {
      expect(Object.keys(volumes)).toEqual(
        expect.arrayContaining(mounts.map((one: string) => one.split(':')[0])),
      );
      for (const [name, { condition }] of Object.entries<Read>(needed))
        expect([condition, services[name]?.healthcheck !== undefined]).toEqual(['service_healthy', true]);
    }
    expect(Object.keys(postgres.services.waybill.environment).filter((name) => !known.has(name))).toEqual([]);
    const { context, dockerfile } = sqlite.services.waybill.build;
    expect(existsSync(join(deploy, context, dockerfile))).toBe(true);
  });
});

/** Reads of the members of a value, by their paths. */
function watched<T extends object>(value: T, path: string, seen: Set<string>): T {
  return new Proxy(value, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      const at = `${path}/${String(key)}`;
      seen.add(at);
      return typeof member === 'object' && member !== null ? watched(member, at, seen) : member;
    },
  });
}

function pathsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    `${path}/${key}`,
    ...pathsIn(member, `${path}/${key}`),
  ]);
}

/** What the schema of Kubernetes has against a manifest; members that it does not look at are ones that it does not know. */
async function problemsOf(manifest: Read): Promise<readonly string[]> {
  const [version, group = 'core'] = (manifest.apiVersion as string).split('/').toReversed();
  const name = [group, version, manifest.kind]
    .map((one: string) => one[0]!.toUpperCase() + one.slice(1))
    .join('');
  const { validate } = (await import(`kubernetes-models/_schemas/IoK8sApi${name}`)) as Read;
  const seen = new Set<string>();
  validate(watched(manifest, '', seen));
  return [
    ...(validate.errors ?? []).map((one: Read) => `${one.instancePath} ${one.keyword}`),
    ...pathsIn(manifest).filter((path) => !seen.has(path)),
  ];
}

describe.each(['kubernetes/waybill.yaml', 'kubernetes/waybill-postgres.yaml'])('%s', (file) => {
  const manifests = parseAllDocuments(read(file)).map((document) => document.toJS() as Read);
  const workload = manifests.find(({ spec }) => spec.template !== undefined)!;
  const { metadata, spec: pod } = workload.spec.template;
  const [container] = pod.containers;

  it('matches the schemas of Kubernetes, with all members and types', async () => {
    for (const manifest of manifests)
      expect([manifest.kind, await problemsOf(manifest)]).toEqual([manifest.kind, []]);
    const { spec } = workload;
    const wrong = (more: object): object => ({ ...workload, spec: { ...spec, ...more } });
    expect(await problemsOf(wrong({ replica: 1 }))).toEqual(['/spec/replica']);
    expect(await problemsOf(wrong({ replicas: '3' }))).not.toEqual([]);
    const large = { ...container, resources: { limits: { memory: '1Gib' } } };
    const template = { ...spec.template, spec: { ...pod, containers: [large] } };
    expect(await problemsOf(wrong({ template }))).not.toEqual([]);
  });

  it('names existing labels, ports, volumes and variables', () => {
    for (const { kind, spec } of manifests) {
      const selected = kind === 'Service' ? spec.selector : spec.selector.matchLabels;
      expect(metadata.labels).toMatchObject(selected);
      for (const { targetPort } of kind === 'Service' ? spec.ports : [])
        expect(container.ports.map(({ name }: Read) => name)).toContain(targetPort);
    }
    const volumes = [
      ...pod.volumes,
      ...(workload.spec.volumeClaimTemplates ?? []).map((one: Read) => one.metadata),
    ];
    expect(volumes.map(({ name }: Read) => name).toSorted()).toEqual(
      container.volumeMounts.map(({ name }: Read) => name).toSorted(),
    );
    const variables = (container.env ?? []) as readonly Read[];
    expect(variables.filter(({ name }) => !known.has(name))).toEqual([]);
    // Keys of the secret are those of the command that makes it.
    const made = [...read(file).matchAll(/--from-literal=([\w-]+)=/g)].map(([, key]) => key);
    expect(variables.map(({ valueFrom }) => valueFrom.secretKeyRef.key).toSorted()).toEqual(made.toSorted());
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
      (name) => container[name].httpGet.path,
    );
    expect(probes).toEqual(['/healthz', '/healthz', '/readyz']);
  });
});

it('the Dockerfile is valid, and copies existing files', () => {
  const text = read('Dockerfile');
  expect(problemsOfDockerfile(text)).toEqual([]);
  expect(problemsOfDockerfile(text.replace('WORKDIR /src', 'WORKDIRS /src'))).not.toEqual([]);
  const copied = [...text.matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, path = '']) => path);
  expect(copied.filter((path) => !existsSync(join(deploy, '..', path)))).toEqual([]);
  const set = [...text.matchAll(/(WAYBILL_\w+)=/g)].map(([, name = '']) => name);
  expect([set.length > 2, set.filter((name) => !known.has(name))]).toEqual([true, []]);
});

it('the Dockerfile pins its base, and ends without root, a shell or a package manager', () => {
  const [build = '', image = ''] = read('Dockerfile').split(/^(?=FROM scratch$)/m);
  expect(build).toMatch(/^FROM debian:[a-z]+-slim AS build$/m);
  const { devDependencies } = JSON.parse(read('../package.json')) as Read;
  expect(build).toContain(`ARG NODE_VERSION=${devDependencies.node}\n`);
  expect(image.match(/^[A-Z]+/gm)).not.toContain('RUN');
  expect(image).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  // Without a shell, commands can only be lists.
  const commands = [...image.matchAll(/^\s*(?:ENTRYPOINT|CMD) (.*)$/gm)].map(([, words = '']) => words);
  expect(commands).toHaveLength(3);
  for (const words of commands) expect(JSON.parse(words)).toContain(words === '["start"]' ? 'start' : 'node');
  expect(read('Dockerfile')).not.toMatch(/^ADD |:latest\b|\bsudo\b/m);
});
