// The bench commands as programs, where Kinemark cannot start: no browser, and nothing left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const PROJECT = join(import.meta.dirname, '../../..');

test.each(['main.ts', 'engines.ts', 'overhead.ts'])(
  'bench/%s refuses a setting that cannot be used in one sentence',
  async (program) => {
    const [folder, temporary] = [temporaryFolder(), temporaryFolder()];
    const child = spawn(process.execPath, [join(PROJECT, 'bench', program)], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, KINEMARK_MODEL_MIRROR: 'mirror' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(stderr).toMatch(
      /^kinemark bench: KINEMARK_MODEL_MIRROR is "mirror", but must be [^\n]+\n$/,
    );
    expect(code).toBe(2);
    expect(readdirSync(temporary)).toEqual([]);
  },
);
