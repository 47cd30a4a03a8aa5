// Draws the PNG icons from static/icon.svg with Chromium. Run by hand when the icon changes:
// `npx node tools/icons/render-icons.ts`; its output is committed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { iconFiles } from './icon-files.ts';

const STATIC_FOLDER = join(import.meta.dirname, '../../static');

/** `--surface-raised` of the light scheme (src/app.css). */
const PLATE = '#ffffff';

const svg = await readFile(join(STATIC_FOLDER, 'icon.svg'));
const source = `data:image/svg+xml;base64,${svg.toString('base64')}`;
const browser = await chromium.launch(chromiumLaunch);
try {
  const page = await browser.newPage({ colorScheme: 'light' });
  for (const { path, sizePx, figureShare, cornerShare } of iconFiles) {
    await page.setViewportSize({ width: sizePx, height: sizePx });
    await page.setContent(
      `<style>
        body { margin: 0; background: transparent }
        div { height: 100vh; display: grid; place-items: center; background: ${PLATE}; border-radius: ${cornerShare * 100}vw }
        img { width: ${figureShare * 100}vw }
      </style><div><img src="${source}" alt=""></div>`,
      { waitUntil: 'load' },
    );
    const file = join(STATIC_FOLDER, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
