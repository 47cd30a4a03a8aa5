// Reads deploy/Dockerfile as far as its tests ask. What Docker makes of it only Docker can tell.
import { readFileSync } from 'node:fs';

/** One instruction, with what follows it; lines that a backslash continues are one. */
export type Instruction = { readonly name: string; readonly text: string };

/** A stage, from one FROM to the next. */
export type Stage = {
  readonly base: string;
  /** Null for a stage without a name. */
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
};

/** What a COPY takes and where it puts it. */
export type Copy = {
  /** The stage that it takes from; null for the build's context. */
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
};

/** The default of NODE_IMAGE, and the stages in their order. */
export function readDockerfile(path: string): { nodeImage: string; stages: readonly Stage[] } {
  const text = readFileSync(path, 'utf8').replaceAll(/^#.*\n/gm, '');
  const instructions = text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Instruction => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      if (name === '') throw new Error(`This is no instruction: ${line}`);
      return { name, text: rest };
    });
  const nodeImage = /^NODE_IMAGE=(.+)$/.exec(instructions[0]?.text ?? '')?.[1] ?? '';
  const stages: { base: string; name: string | null; instructions: Instruction[] }[] = [];
  for (const instruction of instructions.slice(1)) {
    if (instruction.name === 'FROM') {
      const [base = '', , name = null] = instruction.text.split(' ');
      stages.push({ base, name, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return { nodeImage, stages };
}

/** The COPY instructions of a stage. */
export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(' ');
      const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1] ?? null;
      const paths = from === null ? words : words.slice(1);
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
}

/** The only instruction of a stage with this name; throws when there is none or more. */
export function onlyInstruction({ instructions }: Stage, name: string): string {
  const [found, ...more] = instructions.filter((each) => each.name === name);
  if (!found || more.length > 0) throw new Error(`There is not one ${name}.`);
  return found.text;
}
