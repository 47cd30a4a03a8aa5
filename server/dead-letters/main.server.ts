// The entry of `npm run deadletters`: answers on stdout, what went wrong in a sentence on stderr.
import { readConfig, type Config } from '../config.server.ts';
import { StartupError } from '../startup-error.server.ts';
import { readCommandLine, USAGE, type DeadLetterCommand } from './command-line.server.ts';
import { doTask } from './do-task.server.ts';
import { openDeadLetters } from './open-dead-letters.server.ts';

/** Exit status when there is no such dead letter. */
const EXIT_NOTHING_FOUND = 1;
/** Exit status when the arguments or the queue cannot be used. */
const EXIT_CANNOT_RUN = 2;

try {
  const command = readCommandLine(process.argv.slice(2));
  if (command === null) console.log(USAGE);
  else await run(command, readConfig(process.env));
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(`kinemark: ${error.message}`);
  process.exitCode = EXIT_CANNOT_RUN;
}

async function run({ task, json }: DeadLetterCommand, config: Config): Promise<void> {
  const opened = await openDeadLetters(config);
  try {
    const end = await doTask(opened.deadLetters, task, process.stdout.columns ?? null);
    if (json) console.log(JSON.stringify(end.json, null, 2));
    // What a person has asked for is an answer, what is missing is a complaint.
    if (!end.found) console.error(`kinemark: ${end.text}`);
    else if (!json) console.log(end.text);
    if (!end.found) process.exitCode = EXIT_NOTHING_FOUND;
  } catch (error) {
    throw opened.explain(error);
  } finally {
    await opened.close();
  }
}
