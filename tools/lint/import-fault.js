// Judges one import by the table in import-rules.js. Knows paths and specifiers, but nothing of ESLint.
import { posix } from 'node:path';
import { layers, mlRuntimes, pageModules } from './import-rules.js';

const ENGINE_FOLDER = /^src\/lib\/engines\/([\w-]+)\//;
const LIBRARY_ALIAS = /^\$lib(?=\/|$)/;
const APPLICATION = /^(?:src|server)\//;

/**
 * What is wrong with an import, and why; null when nothing is.
 * @param {string} importer Path of the importing file from the project's root, with slashes.
 * @param {string} specifier As written in the import.
 * @param {boolean} isTypeOnly Whether nothing of it is left at run time.
 * @returns {string | null}
 */
export function findImportFault(importer, specifier, isTypeOnly) {
  const layer = layerOf(importer);
  if (!layer) return null;
  if (layer.isWorkerReachable && pageModules.test(specifier)) {
    return `${layer.name} may not import "${specifier}", because its code runs in workers too, where there is no page, no framework and no alias; use a relative path to what it needs.`;
  }
  const target = targetPath(importer, specifier);
  return target === null
    ? findRuntimeFault(importer, specifier)
    : (findSiblingFault(importer, target) ?? findLayerFault(layer, target, isTypeOnly));
}

/**
 * @param {string} importer
 * @param {string} specifier
 */
function findRuntimeFault(importer, specifier) {
  const runtime = mlRuntimes.find(({ packages }) => packages.test(specifier));
  if (!runtime || importer.startsWith(runtime.folder) || !APPLICATION.test(importer)) return null;
  return `"${specifier}" may only be imported in ${runtime.folder}, because everyone else would load the runtime and depend on its types; go through PoseEngine.`;
}

/**
 * @param {string} importer
 * @param {string} target
 */
function findSiblingFault(importer, target) {
  const engine = ENGINE_FOLDER.exec(importer)?.[1];
  const sibling = ENGINE_FOLDER.exec(target)?.[1];
  if (!engine || !sibling || engine === sibling) return null;
  return `The engine ${engine} may not import the engine ${sibling}, because each is loaded and measured alone; move what both need up to src/lib/engines or into src/lib/pipelines.`;
}

/**
 * @param {import('./import-rules.js').Layer} layer
 * @param {string} target
 * @param {boolean} isTypeOnly
 */
function findLayerFault(layer, target, isTypeOnly) {
  const targetName = layerOf(target)?.name;
  if (targetName === undefined || targetName === layer.name) return null;
  if (layer.mayImport.includes(targetName)) return null;
  const isTypeAllowed = layer.mayImportTypesOf?.includes(targetName) === true;
  if (isTypeAllowed && isTypeOnly) return null;
  const what = isTypeAllowed ? `more than types of ${targetName} (import type)` : targetName;
  return `${layer.name} may not import ${what}, because ${layer.why}.`;
}

/** @param {string} path */
function layerOf(path) {
  return layers.find(({ files }) => files.test(path));
}

/**
 * The imported file from the project's root; null for a package.
 * @param {string} importer
 * @param {string} specifier
 */
function targetPath(importer, specifier) {
  if (LIBRARY_ALIAS.test(specifier)) return specifier.replace(LIBRARY_ALIAS, 'src/lib');
  if (!specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(importer), specifier);
}
