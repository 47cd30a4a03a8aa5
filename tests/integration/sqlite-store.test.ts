// The embedded store on a real SQLite file keeps what every store promises.
import { join } from 'node:path';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import { testStore } from '../fixtures/store-contract.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

testStore(() => {
  const path = join(temporaryFolder(), 'store.sqlite');
  return { open: () => createSqliteStore(path) };
});
