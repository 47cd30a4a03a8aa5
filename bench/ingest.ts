// `npm run bench:ingest`: how many events a second the server accepts durably, and how long a request takes,
// beside a bare Node server that parses the same JSON. What is measured and why: docs/performance.md.
import { cpus } from 'node:os';
import { requireBuiltApp } from '../server/built-app.server.ts';
import { makeDiskFolder } from './ingest/disk-folder.ts';
import { INGEST_USAGE, readIngestOptions } from './ingest/ingest-options.ts';
import { ingestTable } from './ingest/ingest-table.ts';
import { measureIngest } from './ingest/measure-ingest.ts';
import { findPinning, pinSender } from './ingest/pinning.ts';
import { runCommand } from './run-command.ts';
import type { CommandEnd } from './run-command.ts';

await runCommand(measure);

async function measure(): Promise<CommandEnd> {
  const options = readIngestOptions(process.argv.slice(2));
  if (!options) {
    console.log(INGEST_USAGE);
    return 'complete';
  }
  requireBuiltApp();
  const { rounds } = options;
  const pinning = findPinning();
  if (pinning) pinSender(pinning);
  const folder = makeDiskFolder(options.folder);
  // Someone who ends it early gets the disk back too; the servers end first (see there).
  process.once('exit', folder.remove);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  try {
    const results = await measureIngest({
      rounds,
      folder: folder.path,
      pinning,
      onRound: (round) => console.error(`round ${round + 1} of ${rounds}`),
    });
    const cores = cpus();
    console.log(
      [
        `Durable acceptance by the server with its worker, ${rounds} interleaved rounds: medians (lowest–highest) of the rounds, latencies of all requests.`,
        `${cores.length} × ${cores[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, the disk keeps 4 KB in ${folder.syncMs.toFixed(2)} ms;`,
        pinning
          ? `servers on core ${pinning.server}, the sender on ${pinning.sender}.`
          : 'nothing is pinned to a core (it takes taskset and two cores): servers and sender share what there is.',
        '',
        ingestTable(results),
      ].join('\n'),
    );
    return 'complete';
  } finally {
    folder.remove();
  }
}
