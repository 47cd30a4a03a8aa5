// What a process is there for, and what it may do for that. Which routes it answers is in role-gate.server.ts.

/** The roles a process can have. `all` is the whole of Kinemark in one process. */
export const ROLES = ['all', 'ingest', 'worker', 'dashboard'] as const;

/** The role of a process. */
export type Role = (typeof ROLES)[number];

/** Something a role may do with queue and store. */
export type Duty = 'publish' | 'consume' | 'write' | 'read';

/** A process opens the clients of its duties, and no others: what it may not do, it does not even load. */
export const dutiesOf: Readonly<Record<Role, readonly Duty[]>> = {
  all: ['publish', 'consume', 'write', 'read'],
  ingest: ['publish'],
  worker: ['consume', 'write'],
  dashboard: ['read'],
};
