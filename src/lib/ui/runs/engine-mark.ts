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
  litert: { token: '--engine-litert', path: 'M6 1L11 10.5H1Z' },
  ort: { token: '--engine-ort', path: 'M6 0.5L11.5 6L6 11.5L0.5 6Z' },
  tfjs: {
    token: '--engine-tfjs',
    path: 'M4.25 1h3.5v3.25H11v3.5H7.75V11h-3.5V7.75H1v-3.5h3.25Z',
  },
};

/** For engines that this version does not know: results may come from a newer one. */
const unknownMark = { token: '--text-quiet', path: 'M2 2h8v8h-8Z' } as const;

/** The mark of a target, `engine/model@backend`. */
export function engineMarkOf(target: string): EngineMark {
  const engine = target.slice(0, target.indexOf('/'));
  return { engine, ...(marks[engine] ?? unknownMark) };
}
