// The colour and the shape that stand for an engine in lists, charts and legends.

/** A mark of 12 × 12 units; `token` is a custom property of app.css. */
export type EngineMark = {
  readonly engine: string;
  readonly token: `--${string}`;
  /** An SVG path. */
  readonly path: string;
};

const marks: Readonly<Record<string, Omit<EngineMark, 'engine'>>> = {
  mediapipe: {
    token: '--engine-mediapipe',
    path: 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10Z',
  },
};

/** For engines that this version does not know: results may come from a newer one. */
const unknownMark = { token: '--text-quiet', path: 'M2 2h8v8h-8Z' } as const;

/** The mark of a target, `engine/model@backend`. */
export function engineMarkOf(target: string): EngineMark {
  const engine = target.slice(0, target.indexOf('/'));
  return { engine, ...(marks[engine] ?? unknownMark) };
}
