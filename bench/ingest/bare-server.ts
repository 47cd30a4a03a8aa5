// The server to compare with, as a program: Node's own http, which parses the same JSON and answers the same
// status. It checks nothing and stores nothing. Prints its address.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const events = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
    const answer = JSON.stringify({ accepted: events.length });
    response.writeHead(202, { 'content-type': 'application/json' }).end(answer);
  });
});
process.once('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  console.log(`Listening at http://localhost:${(server.address() as AddressInfo).port}`);
});
