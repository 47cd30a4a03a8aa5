// Kinemark's own ESLint rules: `import-flow` (who may import whom) and `place-names` (where files live).
import { basename, dirname, relative, sep } from 'node:path';
import { findImportFault } from './import-fault.js';
import { vagueFolders } from './import-rules.js';

const BARREL = /^index\.[cm]?[jt]s$/;

/**
 * What import, re-export and import() nodes have in common.
 * @typedef {object} ImportingNode
 * @property {import('estree').Expression | null | undefined} [source]
 * @property {'type' | 'value' | undefined} [importKind]
 * @property {'type' | 'value' | undefined} [exportKind]
 */

/** @type {import('eslint').Rule.RuleModule} */
const importFlow = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const importer = pathFromRoot(context);
    /** @param {ImportingNode} node */
    const check = ({ source, importKind, exportKind }) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      // `import { type A }` does not count: it still loads the file.
      const isTypeOnly = importKind === 'type' || exportKind === 'type';
      const message = findImportFault(importer, source.value, isTypeOnly);
      if (message !== null) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** @type {import('eslint').Rule.RuleModule} */
const placeNames = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const path = pathFromRoot(context);
    const vagueFolder = dirname(path)
      .split('/')
      .find((name) => vagueFolders.includes(name));
    return {
      Program(node) {
        if (vagueFolder !== undefined) {
          const message = `A folder named "${vagueFolder}" says nothing, because anything fits in it; put the file beside its only user or into the folder that names its subject.`;
          context.report({ node, message });
        }
        if (BARREL.test(basename(path))) {
          const message =
            'A barrel file hides where things live and loads what nobody asked for; import from the file itself.';
          context.report({ node, message });
        }
      },
    };
  },
};

/** The plugin, for eslint.config.js. */
export const kinemarkPlugin = { rules: { 'import-flow': importFlow, 'place-names': placeNames } };

/** @param {import('eslint').Rule.RuleContext} context */
function pathFromRoot({ cwd, filename }) {
  return relative(cwd, filename).split(sep).join('/');
}
