// What a program of this project loads when it runs: its own files and packages, by static and dynamic imports,
// and files that it names beside itself. Types are erased before, as Node does.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** What is reached. */
export type ReachedModules = {
  /** Relative to the project's root. */
  readonly files: ReadonlySet<string>;
  /** By the first file that imports them. */
  readonly packages: ReadonlyMap<string, string>;
};

const COMPILER_OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ESNext,
  verbatimModuleSyntax: true,
  removeComments: true,
};
const FILE_BESIDE = /new URL\('(\.[^']*\.\w+)', import\.meta\.url\)/g;
const BUILT = /^build\//;

/** Follows the imports from the entries; throws when one leads nowhere. */
export function reachedFrom(root: string, entries: readonly string[]): ReachedModules {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    // A build's files are made of what is already reached, and need not be here yet.
    if (BUILT.test(file) || !/\.(ts|js|mjs)$/.test(file)) continue;
    if (!existsSync(join(root, file))) throw new Error(`${file} is imported, but does not exist.`);
    for (const specifier of specifiersIn(readFileSync(join(root, file), 'utf8'))) {
      if (specifier.startsWith('.')) waiting.push(normalize(join(dirname(file), specifier)));
      else if (!specifier.startsWith('node:')) {
        const name = packageOf(specifier);
        if (!packages.has(name)) packages.set(name, file);
      }
    }
  }
  return { files, packages };
}

/** What a file imports when it runs, and the files that it names beside itself. */
export function specifiersIn(source: string): string[] {
  const { outputText } = ts.transpileModule(source, { compilerOptions: COMPILER_OPTIONS });
  const { importedFiles } = ts.preProcessFile(outputText, true, true);
  const beside = [...outputText.matchAll(FILE_BESIDE)].map(([, path = '']) => path);
  return [...importedFiles.map(({ fileName }) => fileName), ...beside];
}

/** The package of an import: two parts of a scoped name, else one. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
