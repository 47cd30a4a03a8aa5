// The entry of the npm scripts: `node tools/setup/launch.mjs <command> [arguments]`.
// Plain JavaScript without dependencies, because on a fresh clone there is nothing else. This file only
// checks Node's version, in syntax that any Node reads; run-command.mjs does the rest.

const OLDEST_NODE = { major: 20, minor: 11 };
const EXIT_CANNOT_RUN = 2;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) {
  void import('./run-command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
} else {
  console.error(
    `kinemark: this is Node ${process.versions.node}, but Kinemark needs ` +
      `${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer; install a current Node and try again.`,
  );
  process.exitCode = EXIT_CANNOT_RUN;
}
