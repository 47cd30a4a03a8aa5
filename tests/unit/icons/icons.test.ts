// The committed icons are those that the manifest and the page promise.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { iconFiles } from '../../../tools/icons/icon-files.ts';

type Manifest = {
  start_url: string;
  display: string;
  icons: { src: string; sizes: string; type: string; purpose: string }[];
};

const PNG_SIGNATURE = '89504e470d0a1a0a';
const manifest = JSON.parse(readFileSync('static/manifest.webmanifest', 'utf8')) as Manifest;

/** Width and height in px, from the PNG's first chunk (W3C PNG, 11.2.2 IHDR). */
function sizeOf(path: string): readonly [number, number] {
  const bytes = readFileSync(path);
  expect(bytes.toString('hex', 0, 8)).toBe(PNG_SIGNATURE);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test.each(iconFiles)('$path is $sizePx px wide and high', ({ path, sizePx }) => {
  expect(sizeOf(`static/${path}`)).toEqual([sizePx, sizePx]);
});

test('the manifest names files that are there, in their sizes, one of them maskable', () => {
  for (const { src, sizes, type } of manifest.icons) {
    expect(existsSync(`static${src}`), src).toBe(true);
    if (type === 'image/png') expect(sizeOf(`static${src}`).join('x')).toBe(sizes);
  }
  const sizes = manifest.icons.filter(({ purpose }) => purpose === 'any').map((it) => it.sizes);
  expect(sizes).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
});

test('the page names the manifest, the touch icon, and a colour for each scheme', () => {
  const page = readFileSync('src/app.html', 'utf8');
  expect(page).toContain('/manifest.webmanifest"');
  expect(page).toContain('/icons/apple-touch-icon.png"');
  expect(
    page.match(/name="theme-color" media="\(prefers-color-scheme: (light|dark)\)"/g),
  ).toHaveLength(2);
  // A bar in another colour than the header below it would look broken.
  const tokens = readFileSync('src/app.css', 'utf8');
  const [, light, dark] = /--surface-raised: light-dark\((#\w+), (#\w+)\)/.exec(tokens) ?? [];
  expect(page).toContain(`content="${light}"`);
  expect(page).toContain(`content="${dark}"`);
});
