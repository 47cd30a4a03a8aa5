// A line on stderr that says how far a run is, when somebody is there to read it.

const ERASE_LINE = '\r\u001b[K';

/** Shows progress on a terminal; does nothing elsewhere. */
export type ProgressLine = {
  update(label: string, done: number, planned: number): void;
  clear(): void;
};

/** A progress line on `stream`. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  return {
    update(label, done, planned) {
      if (stream.isTTY) stream.write(`${ERASE_LINE}${label}: frame ${done} of ${planned}`);
    },
    clear() {
      if (stream.isTTY) stream.write(ERASE_LINE);
    },
  };
}
