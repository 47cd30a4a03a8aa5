// How to start npm, on every system and while node_modules is being replaced.

/**
 * The npm that runs this script, else the one on the PATH. It gets its own Node, because the one on the
 * PATH may be in node_modules.
 * @param {NodeJS.ProcessEnv} environment
 * @param {readonly string[]} args
 * @returns {{ program: string, args: readonly string[], shell: boolean }}
 */
export function npmCommand({ npm_execpath: script, npm_node_execpath: node }, args) {
  if (script?.endsWith('npm-cli.js')) {
    return { program: node ?? process.execPath, args: [script, ...args], shell: false };
  }
  // On Windows npm is a script, which only a shell can start.
  return { program: 'npm', args, shell: process.platform === 'win32' };
}
