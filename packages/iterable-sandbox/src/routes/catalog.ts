import { Catalog } from '../model/catalog.ts';
import { badParams, common, playError, success, type Reply, json } from '../model/errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { perSecondAndKey, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

const NAME = /^[A-Za-z0-9-]{1,255}$/;
const MAX_DOCUMENTS = 1000;
const MAX_DOCUMENT_BYTES = 30_000;
const fieldTypes = ['boolean', 'date', 'geo_location', 'long', 'double', 'object', 'string'];

/** Runs a handler on the catalog of the path, or answers 404 in the second body family. */
function onCatalog(handle: (call: ReceivedCall, catalog: Catalog) => Reply): (call: ReceivedCall) => Reply {
  return (call) => {
    const name = call.params[0]!;
    const catalog = call.project.catalogs.get(name.toLowerCase());
    if (catalog !== undefined) return handle(call, catalog);
    return playError(404, 'NotFound', `Catalog not found: ${name}`, 'error.catalogs.notFound', [name]);
  };
}

function noItem(catalog: Catalog, id: string): Reply {
  return playError(404, 'NotFound', `Catalog item not found: ${id}`, 'error.catalogs.itemNotFound', [
    catalog.name,
    id,
  ]);
}

function badDocument(id: string, fields: unknown): Reply | undefined {
  if (!NAME.test(id)) return badParams(`Invalid catalog item id: ${id}`);
  if (!isObject(fields)) return badParams(`Catalog item ${id} must be an object`);
  const dotted = Object.keys(fields).find((name) => name.includes('.'));
  if (dotted !== undefined) return badParams(`Field name must not contain periods: ${dotted}`);
  if (Buffer.byteLength(JSON.stringify(fields)) > MAX_DOCUMENT_BYTES)
    return badParams(`Catalog item ${id} is over 30 kB`);
  return undefined;
}

function paged(call: ReceivedCall, total: number): { from: number; to: number; links: JsonObject } {
  const page = Math.max(1, Math.trunc(Number(call.query.get('page') ?? 1)) || 1);
  const size = Math.min(1000, Math.max(1, Math.trunc(Number(call.query.get('pageSize') ?? 10)) || 10));
  const url = (to: number) => `${call.endpoint}?page=${to}&pageSize=${size}`;
  const links: JsonObject = {};
  if (page * size < total) links.nextPageUrl = url(page + 1);
  if (page > 1) links.previousPageUrl = url(page - 1);
  return { from: (page - 1) * size, to: page * size, links };
}

function getCatalogs(call: ReceivedCall): Reply {
  const all = [...call.project.catalogs.values()].map(({ name }) => ({ name }));
  const { from, to, links } = paged(call, all.length);
  return success('', { catalogNames: all.slice(from, to), totalCatalogsCount: all.length, ...links });
}

function createCatalog(call: ReceivedCall): Reply {
  const name = call.params[0]!;
  if (!NAME.test(name)) return badParams(`Invalid catalog name: ${name}`);
  const { catalogs } = call.project;
  if (catalogs.has(name.toLowerCase())) return badParams(`Catalog already exists: ${name}`);
  catalogs.set(name.toLowerCase(), new Catalog(name));
  return success('', null, 201);
}

const deleteCatalog = onCatalog((call, catalog) => {
  call.project.catalogs.delete(catalog.name.toLowerCase());
  return success();
});

const getMappings = onCatalog((_call, catalog) =>
  success('', {
    definedMappings: Object.fromEntries(catalog.mappings),
    undefinedFields: catalog.undefinedFields(),
  }),
);

const putMappings = onCatalog((call, catalog) => {
  const updates = call.body.mappingsUpdates as { fieldName: string; fieldType: string }[]; // fits(shape)
  for (const { fieldName, fieldType } of updates) {
    if (!fieldTypes.includes(fieldType)) return badParams(`Unknown field type: ${fieldType}`);
    const set = catalog.mappings.get(fieldName);
    if (set !== undefined && set !== fieldType)
      return badParams(`Field ${fieldName} already has the type ${set}`);
  }
  for (const { fieldName, fieldType } of updates) catalog.mappings.set(fieldName, fieldType);
  return success();
});

const getItems = onCatalog((call, catalog) => {
  const { from, to, links } = paged(call, catalog.items.size);
  const ids = catalog.ordered(call.query.get('orderBy'), call.query.get('sortAscending') === 'true');
  const items = ids.slice(from, to).map((id) => catalog.readable(id)!);
  return success('', { catalogItemsWithProperties: items, totalItemsCount: ids.length, ...links });
});

const postItems = onCatalog((call, catalog) => {
  const { project } = call;
  const { documents, replaceUploadedFieldsOnly } = call.body as {
    documents: JsonObject;
    replaceUploadedFieldsOnly: boolean;
  }; // fits(shape)
  const entries = Object.entries(documents);
  if (entries.length > MAX_DOCUMENTS)
    return common(400, 'BatchTooLarge', `More than ${MAX_DOCUMENTS} documents`);
  for (const [id, fields] of entries) {
    const wrong = badDocument(id, fields);
    if (wrong !== undefined) return wrong;
  }
  // badDocument has refused everything that is not an object.
  for (const [id, fields] of entries)
    catalog.write(id, fields as JsonObject, replaceUploadedFieldsOnly, project.now());
  project.stats.took(call.endpoint, entries.length, 0);
  return success(`Request to bulk-upload documents into ${catalog.name} processed successfully`, null, 202);
});

const deleteItems = onCatalog((call, catalog) => {
  for (const id of call.body.itemIds as string[]) catalog.items.delete(id); // fits(shape)
  return success('', null, 202);
});

const getItem = onCatalog((call, catalog) => {
  const item = catalog.readable(call.params[1]!);
  if (item === undefined) return noItem(catalog, call.params[1]!);
  // The published description wraps it; the official client reads it bare.
  return call.project.switches.catalogItemRead === 'wrapped' ? success('', item) : json(item);
});

const deleteItem = onCatalog((call, catalog) =>
  catalog.items.delete(call.params[1]!) ? success('', null, 202) : noItem(catalog, call.params[1]!),
);

function writeItem(member: 'value' | 'update') {
  return onCatalog((call, catalog) => {
    const fields = call.body[member] as JsonObject; // fits(shape)
    const wrong = badDocument(call.params[1]!, fields);
    if (wrong !== undefined) return wrong;
    catalog.write(call.params[1]!, fields, member === 'update', call.project.now());
    call.project.stats.took(call.endpoint, 1, 0);
    return success('', null, 202);
  });
}

const catalogPath = '/api/catalogs/{catalog}';
const hundred = perSecondAndKey(100);

/** Catalogs and their items. */
export const catalogRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/catalogs', limits: hundred, handle: getCatalogs },
  { method: 'POST', path: catalogPath, handle: createCatalog },
  { method: 'DELETE', path: catalogPath, handle: deleteCatalog },
  { method: 'GET', path: `${catalogPath}/fieldMappings`, handle: getMappings },
  {
    method: 'PUT',
    path: `${catalogPath}/fieldMappings`,
    shape: shape({ mappingsUpdates: [shape({ fieldName: 'string!', fieldType: 'string!' })] }),
    handle: putMappings,
  },
  { method: 'GET', path: `${catalogPath}/items`, limits: hundred, handle: getItems },
  {
    method: 'POST',
    path: `${catalogPath}/items`,
    shape: shape({ documents: 'object!', replaceUploadedFieldsOnly: 'boolean!' }),
    limits: hundred,
    handle: postItems,
  },
  {
    method: 'DELETE',
    path: `${catalogPath}/items`,
    shape: shape({ itemIds: 'strings!' }),
    handle: deleteItems,
  },
  { method: 'GET', path: `${catalogPath}/items/{item}`, limits: hundred, handle: getItem },
  {
    method: 'PUT',
    path: `${catalogPath}/items/{item}`,
    shape: shape({ value: 'object!' }),
    limits: perSecondAndKey(1000),
    handle: writeItem('value'),
  },
  {
    method: 'PATCH',
    path: `${catalogPath}/items/{item}`,
    shape: shape({ update: 'object!' }),
    handle: writeItem('update'),
  },
  { method: 'DELETE', path: `${catalogPath}/items/{item}`, handle: deleteItem },
];
