// A line on stderr that says how far a run is, when somebody is there to read it.

const ERASE_LINE = '\r\u001b[K';

/** Shows progress on a terminal; does nothing elsewhere. */
export type ProgressLine = {
  /** What is going on from now on. */
  begin(label: string): void;
  /** `planned` null where nobody knows how many frames there will be. */
  update(done: number, planned: number | null): void;
  clear(): void;
};

/** A progress line on `stream`. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let label = '';
  return {
    begin(next) {
      label = next;
      if (stream.isTTY) stream.write(`${ERASE_LINE}${label}: loading`);
    },
    update(done, planned) {
      const frames = planned === null ? `frame ${done}` : `frame ${done} of ${planned}`;
      if (stream.isTTY) stream.write(`${ERASE_LINE}${label}: ${frames}`);
    },
    clear() {
      if (stream.isTTY) stream.write(ERASE_LINE);
    },
  };
}
