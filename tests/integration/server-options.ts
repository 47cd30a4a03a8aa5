// What a test may ask of the server's process.

/** Everything but the folder is as `npm start` has it, unless it is given. */
export type ServerOptions = {
  /** The data folder. */
  readonly folder: string;
  readonly port?: number;
  readonly logLevel?: string;
  readonly leaseMs?: number;
  /** How much faster than the real one the broker's clock runs. */
  readonly clockRate?: number;
  /** SQL statement before which the process ends as by `kill -9`; counts from 1, the start's included. */
  readonly killAtStatement?: number;
};

/** While this file is in the data folder, the store answers no write. */
export const STALL_FILE = 'stall';
/** Lines of this file in the data folder are ids of events that the store refuses. */
export const REFUSED_IDS_FILE = 'refused-ids';
/** Ids of events in this file of the data folder are those the store has taken, in the order it did. */
export const WRITE_LOG_FILE = 'writes.log';
